"""The program behind a proxy of somebody else's making: nginx, which compresses every reply."""

from contextlib import ExitStack

from program import free_port
from servers.nginx import answers, worker_user
from servers.process import Process
from standalone import Standalone

CONFIGURATION = """\
{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;

events {{
}}

http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    gzip on;
    gzip_types *;
    gzip_min_length 1;

    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{program};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
}}
"""


class CompressingProxy:
    """`url` is what clients know; `program` is behind it."""

    def __init__(self, folder):
        self.folder = folder / "nginx"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.program = Standalone(folder / "program", PUBLIC_URL=self.url, HTTP_TRUSTED_PROXIES="127.0.0.1")
        self.running = ExitStack()

    def start(self):
        with ExitStack() as running:
            self.program.start()
            running.callback(self.program.finish)
            self.folder.mkdir()
            configuration = self.folder / "nginx.conf"
            places = {"folder": self.folder, "port": self.port, "program": self.program.port}
            configuration.write_text(CONFIGURATION.format(user=worker_user(), **places))
            proxy = Process(
                name="nginx",
                folder=self.folder,
                command=["/usr/sbin/nginx", "-e", "stderr", "-c", str(configuration)],
                ports=(self.port,),
                is_ready=lambda: answers(self.port),
            )
            proxy.start()
            running.callback(proxy.stop)
            proxy.wait_ready()
            self.running = running.pop_all()
        return self

    def finish(self):
        self.running.close()
