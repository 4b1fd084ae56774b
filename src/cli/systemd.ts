// `purser systemd`: a hardened unit for this executable with these settings. Printed, never installed: it is read before it is used.
import { resolve } from "node:path"
import { type Config, LIMITS, readConfig, SETTINGS, type Setting } from "../app/index.ts"
import { UsageError } from "./args.ts"
import type { Verb } from "./verb.ts"

export const systemd: Verb = {
  words: "systemd",
  help: "print a hardened systemd unit",
  about: [
    "Prints a unit that runs this executable with the data folder and the port of the given settings, as a user of its own, with nothing of the machine to write but the data folder. Secrets are read from /etc/purser.env, which only root may read; those that --credentials names come as files in memory that nobody but the server sees (systemd 250 or newer).",
    "Read it, put it in /etc/systemd/system/purser.service, then: systemctl daemon-reload && systemctl enable --now purser.",
  ],
  options: [
    { name: "user", value: "NAME", help: "run as this user instead of one that systemd makes" },
    {
      name: "credentials",
      value: "NAMES",
      help: "secrets that are handed over as credentials, comma-separated; each from /etc/purser/NAME",
    },
  ],
  examples: [
    {
      run: "systemd --data-dir /var/lib/purser --base-url https://ai.example.com > purser.service",
      does: "then read it",
    },
    {
      run: "systemd --credentials PURSER_SECRET_KEY,PURSER_SMTP_URL",
      does: "with the key in /etc/purser/PURSER_SECRET_KEY and the mail server in /etc/purser/PURSER_SMTP_URL",
    },
  ],
  async run({ flags, options }) {
    console.log(unit(flags, { user: options.user, credentials: secretsOf(options.credentials ?? "") }))
    return 0
  },
}

/** @throws UsageError naming one that is no secret of ours */
function secretsOf(text: string): string[] {
  const known = Object.values<Setting>(SETTINGS).flatMap(({ env, secret }) => (secret ? [env] : []))
  const names = text.split(",").filter(Boolean)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UsageError(`--credentials: "${unknown}" is not one of ${known.join(", ")}`)
  return names
}

/** systemd expands % and splits at spaces: https://www.freedesktop.org/software/systemd/man/systemd.service.html "Command lines". */
const quoted = (word: string): string => {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$")
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
}

/** A replica in a folder is written to, as well. */
const copyOf = ({ replica }: Config): string =>
  replica?.target.kind === "file" ? `ReadWritePaths=${quoted(replica.target.folder)}\n` : ""

/** After the drain: what was cut is settled, the database closed, the rest sent to the replica; and room for a slow machine. */
const STOP_EXTRA_SECONDS = (LIMITS.stopSettleMs + LIMITS.stopLastMs) / 1_000 + 25

/**
 * What it needs not, it may not.
 * @param home whether homes can be hidden; data may lie in one
 * @param users whether other users can be hidden; who listens on a low port has a right of the machine's
 */
const shutIn = ({ home, users }: { home: boolean; users: boolean }): string => `NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=${home ? "yes" : "read-only"}
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
${users ? "PrivateUsers=yes\n" : ""}\
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
KeyringMode=private
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# Litestream gives its files the owner of the database; copies are proved at the lowest priority.
SystemCallFilter=@chown setpriority
SystemCallErrorNumber=EPERM`

interface UnitOptions {
  /** undefined = one that systemd makes for this service. */
  user?: string | undefined
  /** Names of settings. */
  credentials?: readonly string[]
}

export function unit(flags: Record<string, string>, { user, credentials = [] }: UnitOptions = {}): string {
  const config = readConfig({ "data-dir": "/var/lib/purser", ...flags }, {})
  const isOwn = config.dataDir === "/var/lib/purser"
  if (!isOwn && user === undefined)
    throw new UsageError(`${config.dataDir} must belong to whom the server runs as: name them with --user`)
  const hasLowPort = [config.port, config.httpListen?.port ?? 0].some((port) => port > 0 && port < 1_024)
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
${credentials.map((name) => `LoadCredential=${name}:/etc/purser/${name}\nEnvironment=${name}_FILE=%d/${name}\n`).join("")}\
Restart=on-failure
RestartSec=2
# Usage, another Purser on the folder, a newer database: a second try ends the same.
RestartPreventExitStatus=2 3 4
KillMode=mixed
TimeoutStopSec=${Math.ceil(config.drainMs / 1_000) + STOP_EXTRA_SECONDS}
LimitNOFILE=65536

${user === undefined ? "DynamicUser=yes" : `User=${quoted(user)}`}
${isOwn ? "StateDirectory=purser\nStateDirectoryMode=0700" : `ReadWritePaths=${quoted(config.dataDir)}`}
${copyOf(config)}UMask=0077

${shutIn({ home: isOwn, users: !hasLowPort })}
CapabilityBoundingSet=${hasLowPort ? "CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE" : ""}
# The engine compiles JavaScript while it runs: MemoryDenyWriteExecute would end it at once.

[Install]
WantedBy=multi-user.target`
}
