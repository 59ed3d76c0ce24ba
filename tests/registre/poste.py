"""A small SMTP server on the loopback, for tests: it answers what it is told to answer, and keeps what it accepted."""

import asyncio
import threading
from email import message_from_bytes, policy


class Poste:
    """`reponses` maps a command (RCPT, DATA, FIN: after the text) to its answer; `muette` commands get none."""

    def __init__(self):
        self.reponses, self.muette, self.recus, self.enveloppes = {}, set(), [], []
        self._boucle = asyncio.new_event_loop()
        self._pret = threading.Event()
        self._fil = threading.Thread(target=self._tourner, daemon=True)

    def __enter__(self):
        self._fil.start()
        self._pret.wait(5)
        return self

    def __exit__(self, *exc):
        self._boucle.call_soon_threadsafe(self._fin.set)
        self._fil.join(5)

    def _tourner(self):
        self._boucle.run_until_complete(self._servir())
        self._boucle.close()

    async def _servir(self):
        self._fin = asyncio.Event()
        serveur = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = serveur.sockets[0].getsockname()[1]
        self._pret.set()
        await self._fin.wait()
        serveur.close()
        for tache in asyncio.all_tasks() - {asyncio.current_task()}:
            tache.cancel()
            await asyncio.gather(tache, return_exceptions=True)

    async def _client(self, lecteur, ecrivain):
        try:
            ecrivain.write(b"220 poste d'essai\r\n")
            enveloppe = {}
            while ligne := await lecteur.readline():
                mot = ligne.split(b" ")[0].strip().upper().decode()
                if mot in self.muette:
                    await asyncio.sleep(60)
                if mot in {"MAIL", "RCPT"}:
                    enveloppe[mot] = ligne.decode().split("<")[1].split(">")[0]
                if mot == "DATA" and mot not in self.reponses:
                    await self._recevoir(lecteur, ecrivain, enveloppe)
                    continue
                ecrivain.write(
                    self.reponses.get(mot, "221 au revoir" if mot == "QUIT" else "250 bien").encode() + b"\r\n"
                )
                if mot == "QUIT":
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            ecrivain.close()

    async def _recevoir(self, lecteur, ecrivain, enveloppe):
        ecrivain.write(b"354 allez\r\n")
        texte = await lecteur.readuntil(b"\r\n.\r\n")
        reponse = self.reponses.get("FIN", "250 2.0.0 pris")
        if reponse.startswith("2"):
            self.recus.append(message_from_bytes(texte[:-5], policy=policy.default))
            self.enveloppes.append(dict(enveloppe))
        ecrivain.write(reponse.encode() + b"\r\n")
