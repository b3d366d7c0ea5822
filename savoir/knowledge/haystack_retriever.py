"""Run by baselines.py in an environment that has Haystack and nothing of ours: JSON in, rankings as one line of JSON out."""

import json
import sys


def main() -> None:
    """Reads `documents` and `questions`; prints for each question the ids and scores that the default retriever gives."""
    from haystack import Document  # type: ignore
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever  # type: ignore
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # type: ignore

    given = json.load(sys.stdin)
    store = InMemoryDocumentStore()
    store.write_documents([Document(content=each["content"], meta={"article": each["id"]}) for each in given["documents"]])
    retriever = InMemoryBM25Retriever(document_store=store)
    rankings = []
    for question in given["questions"]:
        found = retriever.run(query=question, top_k=40)["documents"] if question.strip() else []
        rankings.append([(document.meta["article"], document.score) for document in found])
    print(json.dumps(rankings))


if __name__ == "__main__":
    main()
