# Runs the receiver of the documentation, which comes by stdin, as it stands there; says first at which port it listens.
# argv: seconds that this machine's clock is behind the server's, which a test turns on.
import http.server
import sys
import time

ahead = float(sys.argv[1])
real = time.time
time.time = lambda: real() + ahead


class Announced(http.server.ThreadingHTTPServer):
    def server_activate(self):
        super().server_activate()
        print(self.server_address[1], flush=True)


http.server.ThreadingHTTPServer = Announced
http.server.BaseHTTPRequestHandler.log_message = lambda *_: None
exec(compile(sys.stdin.read(), "docs/how-to/webhooks.md", "exec"), {"__name__": "__main__"})
