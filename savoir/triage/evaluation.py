"""How well triage does on requests written apart, beside TF-IDF with a linear model and rules of words."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from .model import model, requests_of, text_of
from .reading import Request, read
from .rules import tells_danger, tells_fraud

WORDS = {
    "order.tracking": "suivi|tracking|where is my", "order.delivery": "livr|deliver|parcel|colis", "order.refund": "rembours|refund", "order.return": "retour|return",
    "order.cancellation": "annul|cancel", "order.exchange": "echang|exchange", "billing.invoice": "facture|invoice|receipt", "billing.payment": "paiement|payment|debit|charged",
    "account.login": "mot de passe|password|sign in|log in", "account.details": "adresse|address", "repair.warranty": "garantie|warranty", "repair.booking": "rendez vous|appointment|devis|quote",
    "repair.tracking": "reparation|repair", "repair.spare_part": "piece|spare|chargeur|charger", "hardware.screen": "ecran|screen", "hardware.battery": "batterie|battery", "hardware.power": "allume|turn on",
    "hardware.audio": "son |sound|micro", "hardware.camera": "photo|camera", "hardware.connectivity": "wifi|bluetooth|reseau", "hardware.overheating": "chauffe|hot ", "software.update": "mise a jour|update",
    "software.performance": "lent|slow", "software.application": "appli|app ", "software.data_loss": "perdu|lost", "usage.how_to": "comment|how do", "privacy.export": "copie de mes donnees|copy of my data",
    "privacy.erasure": "supprim|delete|erase", "feedback.complaint": "reclamation|complaint", "feedback.praise": "bravo|well done", "general.contact": "horaires|opening hours", "general.follow_up": "dossier|ticket",
}


def evaluate(path: Path) -> dict[str, Any]:
    """The figures of a file of labelled requests, shares of 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score
    from sklearn.svm import LinearSVC

    from savoir.core.text import fold

    tests = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    trained = model()
    began, spent = time.perf_counter(), time.process_time()
    results = [each for start in range(0, len(tests), 64) for each in read([Request(test["text"], test["subject"], test["channel"]) for test in tests[start : start + 64]], trained)]
    elapsed, spent = time.perf_counter() - began, time.process_time() - spent
    noisy = np.array([bool({"spam", "auto_reply"} & set(test["flags"])) for test in tests])
    thrown = np.array([bool({"spam", "auto_reply"} & set(result.flags)) for result in results])
    good = [pair for pair, noise in zip(zip(tests, results, strict=True), noisy, strict=True) if not noise]
    hits = np.array([test["category"] == result.category for test, result in good])
    surest = np.argsort([-result.category_confidence for _, result in good])[: max(1, int(0.8 * len(good)))]
    automatic = np.array([result.automatic for _, result in good])
    urgent = [result.urgency == "p1" for test, result in good if test["urgency"] == "p1"]
    learnt = [request for request in requests_of() if not {"spam", "auto_reply"} & set(request["flags"])]
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    plain = LinearSVC().fit(vectorizer.fit_transform([fold(text_of(each["subject"], each["text"], each["channel"])) for each in learnt]), [each["category"] for each in learnt])
    texts = [fold(text_of(test["subject"], test["text"], test["channel"])) for test, _ in good]
    by_words = ["safety.danger" if tells_danger(text) else "fraud.report" if tells_fraud(text) else next((name for name, words in WORDS.items() if any(word in text for word in words.split("|"))), "general.other") for text in texts]

    def macro(name: str) -> float:
        return round(float(f1_score([test[name] for test, _ in good], [getattr(result, name) for _, result in good], average="macro")), 4)

    return {
        "requests": len(tests), "customers": len(good), "category_accuracy": _share(hits), "category_accuracy_of_surest_80_percent": _share(hits[surest]),
        "automatic": _share(automatic), "automatic_accuracy": _share(hits[automatic]), "urgency_p1_recall": _share(urgent), "urgency_macro_f1": macro("urgency"),
        "urgency_p1_precision": _share([test["urgency"] == "p1" for test, result in good if result.urgency == "p1"]),
        "sentiment_macro_f1": macro("sentiment"), "language_accuracy": _share([test["language"] == result.language for test, result in good]),
        "product_accuracy": _share([test["product"] == result.entities.get("product") for test, result in good]),
        "noise_caught": _share(thrown[noisy]), "good_mail_lost": int(thrown[~noisy].sum()),
        "requests_a_second": round(len(tests) / elapsed, 1), "requests_a_second_of_cpu": round(len(tests) / spent, 1),
        "baseline_tfidf_linear": _share(plain.predict(vectorizer.transform(texts)) == np.array([test["category"] for test, _ in good])),
        "baseline_rules_of_words": _share([test["category"] == said for (test, _), said in zip(good, by_words, strict=True)]),
    }


def _share(right: Any) -> Any:
    return round(float(np.mean(right)), 4) if len(right) else None
