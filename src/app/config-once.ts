// Mail settings under the names that ONCE gives its containers (github.com/basecamp/once), read where ours are not set.
// SECRET_KEY_BASE is not read: the key file in the volume can be rotated, and is in ONCE's backups with the data that it opens.

type Env = Record<string, string | undefined>

/** Where nothing says otherwise, mail is submitted there (RFC 6409 §3.1). */
const SUBMISSION_PORT = "587"
/** TLS from the first byte (RFC 8314 §7.3). */
const SUBMISSIONS_PORT = "465"

/** @returns the environment, with our names for what only theirs say */
export function withOnce(env: Env): Env {
  const host = env.SMTP_ADDRESS?.trim()
  if (!host) return env
  const added: Env = {}
  if (!isSet(env, "PURSER_SMTP_URL")) added.PURSER_SMTP_URL = urlOf(host, env)
  const from = env.MAILER_FROM_ADDRESS?.trim()
  if (from && !isSet(env, "PURSER_MAIL_FROM")) added.PURSER_MAIL_FROM = from
  return { ...env, ...added }
}

const isSet = (env: Env, name: string): boolean => Boolean(env[name]?.trim() || env[`${name}_FILE`])

function urlOf(host: string, { SMTP_PORT, SMTP_USERNAME, SMTP_PASSWORD }: Env): string {
  const port = SMTP_PORT?.trim() || SUBMISSION_PORT
  const who = SMTP_USERNAME ? `${encodeURIComponent(SMTP_USERNAME)}:${encodeURIComponent(SMTP_PASSWORD ?? "")}@` : ""
  return `${port === SUBMISSIONS_PORT ? "smtps" : "smtp"}://${who}${host}:${port}`
}
