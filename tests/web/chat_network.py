"""A network between a browser and the chat's server that can fail in every way that networks do."""

from __future__ import annotations

import socket
import threading

from tests.web.chat_stage import ChatServer


class Network:
    """A wire between browser and server: it can be cut, refuse, or swallow everything without a word (a black hole)."""

    def __init__(self, server: ChatServer) -> None:
        self._server = server
        self._links: list[tuple[socket.socket, socket.socket, dict[str, bool]]] = []
        self._refuses = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """What the browser opens."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Ends all connections and takes no new one."""
        self._refuses = True
        self._close_all()

    def drop(self) -> None:
        """Ends all connections; new ones work."""
        self._close_all()

    def swallow(self) -> None:
        """All open connections stay open, and nothing passes on them any more; new ones work."""
        for _, _, state in self._links:
            state["swallows"] = True

    def restore(self) -> None:
        """Takes connections again."""
        self._refuses = False

    def close(self) -> None:
        """Ends it."""
        self._listener.close()
        self._close_all()

    def _close_all(self) -> None:
        for near, far, _ in self._links:
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()
        self._links.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._refuses:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._server.port))
            except OSError:
                near.close()
                continue
            state = {"swallows": False}
            self._links.append((near, far, state))
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target, state), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket, state: dict[str, bool]) -> None:
        try:
            while True:
                content = source.recv(65_536)
                if state["swallows"]:
                    continue
                if not content:
                    break
                target.sendall(content)
        except OSError:
            pass
        if not state["swallows"]:
            for end in (source, target):
                try:
                    end.close()
                except OSError:
                    pass
