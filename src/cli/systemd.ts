// `purser systemd`: a hardened unit for this executable with these settings. Printed, never installed: it is read before it is used.
import { resolve } from "node:path"
import { readConfig } from "../app/index.ts"
import type { Verb } from "./verb.ts"

export const systemd: Verb = {
  words: "systemd",
  help: "print a hardened systemd unit",
  about: [
    "Prints a unit that runs this executable with the data folder and the port of the given settings, as a user of its own, with nothing of the machine to write but the data folder. Secrets are read from /etc/purser.env, which only root may read.",
    "Read it, put it in /etc/systemd/system/purser.service, then: systemctl daemon-reload && systemctl enable --now purser.",
  ],
  options: [{ name: "user", value: "NAME", help: "run as this user instead of one that systemd makes" }],
  examples: [
    {
      run: "systemd --data-dir /var/lib/purser --base-url https://ai.example.com > purser.service",
      does: "then read it",
    },
  ],
  async run({ flags, options }) {
    console.log(unit(flags, options.user))
    return 0
  },
}

/** systemd expands % and splits at spaces: https://www.freedesktop.org/software/systemd/man/systemd.service.html "Command lines". */
const quoted = (word: string): string => {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$")
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
}

/** Streams end or are settled within the drain; the database and the replica are closed after it. */
const STOP_EXTRA_SECONDS = 65

export function unit(flags: Record<string, string>, user?: string): string {
  const config = readConfig({ "data-dir": "/var/lib/purser", ...flags }, {})
  const isOwn = config.dataDir === "/var/lib/purser"
  const words = { ...flags, "data-dir": config.dataDir }
  const args = Object.entries(words).flatMap(([name, value]) => [`--${name}`, value])
  const program = Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, Bun.main]
  const command = [...program.map((path) => resolve(path)), "serve", ...args].map(quoted).join(" ")
  return `[Unit]
Description=Purser
After=network-online.target
Wants=network-online.target
# A fault that repeats at once is not mended by a start: look at it with "purser doctor".
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
Type=exec
ExecStart=${command}
EnvironmentFile=-/etc/purser.env
Restart=on-failure
RestartSec=2
# Usage, another Purser on the folder, a newer database, a server that was replaced: a second try ends the same.
RestartPreventExitStatus=2 3 4 5
KillMode=mixed
TimeoutStopSec=${Math.ceil(config.drainMs / 1_000) + STOP_EXTRA_SECONDS}
LimitNOFILE=65536

${user === undefined ? "DynamicUser=yes" : `User=${quoted(user)}`}
${isOwn ? "StateDirectory=purser\nStateDirectoryMode=0700" : `ReadWritePaths=${quoted(config.dataDir)}`}
UMask=0077

NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=${isOwn ? "yes" : "read-only"}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=${config.port > 0 && config.port < 1_024 ? "CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE" : ""}
# The engine compiles JavaScript while it runs: MemoryDenyWriteExecute would end it at once.

[Install]
WantedBy=multi-user.target`
}
