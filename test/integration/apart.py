"""The program as a gateway and a service."""

from program import SocketFolder, free_port
from standalone import Role, Standalone


class Apart(Standalone):
    """A gateway, which is this process, in front of a service: through a unix socket, or by TCP with certificates."""

    def __init__(self, folder, *arguments, **settings):
        super().__init__(folder, *arguments, **settings)
        self.socket_folder = SocketFolder()
        by_tcp = "RPC_CERTIFICATE" in settings
        self.settings["DISCOVERY_FIXED"] = f"127.0.0.1:{free_port()}" if by_tcp else self.socket_folder.address
        self.service = Role("service", self.folder / "service", *arguments)
        self.service.secrets = self.secrets

    @property
    def roles(self):
        return [self, self.service]

    @property
    def storing(self):
        return self.service

    def start(self):
        self.service.settings = {
            "PUBLIC_URL": self.url,
            **self.settings,
            "RPC_LISTEN": self.settings["DISCOVERY_FIXED"],
            "MANAGEMENT_LISTEN": self.service.settings["MANAGEMENT_LISTEN"],
        }
        if "LOG_FILE" in self.settings:
            self.service.settings["LOG_FILE"] = str(self.service.log_file)
        self.service.start()
        try:
            return self.start_role("gateway")
        except AssertionError:
            self.service.kill()
            raise

    def error_output(self):
        return self.service.error_output() + super().error_output()

    def hang_up(self):
        self.service.hang_up()
        super().hang_up()

    def log_lines(self, message):
        return self.service.log_lines(message) + super().log_lines(message)

    def wait(self):
        try:
            return super().wait()
        finally:
            self.service.stop()

    def kill(self):
        for role in self.roles:
            role.process.kill()
        for role in self.roles:
            Standalone.wait(role)

    def finish(self):
        super().finish()
        assert self.secrets.found_in(self.service.log_file) == []
