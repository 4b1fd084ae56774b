// What the audit log says of people, their sign-ins and roles.
import { type AuditFacts, type Said, type Sentence, type Sentences, said, type Topic } from "../part/index.ts"

const one = (topic: Topic, label: string, say: (facts: AuditFacts) => Said): Sentence => ({ topic, label, say })

const ENDED: Readonly<Record<string, string>> = {
  suspended: "because the account was suspended",
  deleted: "because the account was closed",
  password_reset: "because the password was set anew",
  password_changed: "because the password was changed",
  verified: "because the address was verified",
  revoked: "by hand",
}

/** Of an issuer, as it was called then. */
const issuerName = ({ name }: Readonly<Record<string, unknown>>): string =>
  typeof name === "string" && name !== "" ? name : "an issuer"

/** Who acts on themselves is named once. */
const byAdmin = ({ by }: AuditFacts): boolean => by === "admin" || by === "cli"

export const IDENTITY_SENTENCES: Sentences = {
  "user.created": one("access", "New account", (facts) =>
    byAdmin(facts) ? said`${facts.who} made an account for ${facts.what}` : said`${facts.what} made an account`,
  ),
  "test_user.made": one("access", "New test user", ({ who, what }) => said`${who} made the test user ${what}`),
  "test_user.removed": one(
    "access",
    "Test user removed",
    ({ who, what }) => said`${who} removed the test user ${what}`,
  ),
  "test_user.link_made": one(
    "access",
    "Sign-in link of a test user",
    ({ who, what }) => said`${who} made a link that signs in the test user ${what}`,
  ),
  "test_user.link_used": one(
    "access",
    "Test user signed in",
    ({ what }) => said`The test user ${what} signed in by a link`,
  ),
  "user.verified": one("access", "Address verified", ({ what }) => said`${what} verified their address`),
  "user.renamed": one("access", "Change of name", (facts) =>
    byAdmin(facts) ? said`${facts.who} changed the name of ${facts.what}` : said`${facts.what} changed their name`,
  ),
  "user.profile_changed": one("access", "Change of profile", (facts) =>
    byAdmin(facts)
      ? said`${facts.who} changed the profile of ${facts.what}`
      : said`${facts.what} changed their profile`,
  ),
  "user.closed": one("access", "Account closed", ({ what }) => said`The account ${what} was closed for good`),
  "user.erased": one("access", "Person erased", ({ what }) => said`What was known of ${what} was erased`),
  "user.email_changed": one("access", "Change of address", ({ what }) => said`${what} changed their address`),
  "user.password_changed": one("access", "Change of password", ({ what }) => said`${what} changed their password`),
  "user.password_reset": one("access", "Password set anew", ({ what }) => said`${what} set a new password by mail`),
  "user.admin_granted": one("access", "Admin role given", ({ who, what }) => said`${who} made ${what} an admin`),
  "user.admin_removed": one(
    "access",
    "Admin role taken",
    ({ who, what }) => said`${who} took the admin role from ${what}`,
  ),
  "user.suspended": one("access", "Suspension", ({ who, what }) => said`${who} suspended ${what}`),
  "user.unsuspended": one("access", "Reinstatement", ({ who, what }) => said`${who} reinstated ${what}`),
  "setup.link_created": one("access", "Setup link", ({ who }) => said`${who} made a link that makes somebody an admin`),
  "setup.claimed": one("access", "Setup link used", ({ what }) => said`${what} became an admin by the setup link`),
  "login_link.created": one("access", "Login link", ({ who, what }) => said`${who} made a link that signs in ${what}`),
  "login_link.used": one("access", "Login link used", ({ what }) => said`${what} signed in by a link of the server`),
  "second_step.turned_on": one("access", "Two-step sign-in on", ({ what }) => said`${what} turned two-step sign-in on`),
  "second_step.turned_off": one("access", "Two-step sign-in off", (facts) =>
    byAdmin(facts)
      ? said`${facts.who} turned two-step sign-in off for ${facts.what}`
      : said`${facts.what} turned two-step sign-in off`,
  ),
  "second_step.codes_renewed": one("access", "New recovery codes", ({ what }) => said`${what} made new recovery codes`),
  "issuer.added": one(
    "access",
    "New way to sign in",
    ({ who, after }) => said`${who} let people sign in with ${issuerName(after)}`,
  ),
  "issuer.changed": one(
    "access",
    "Change of a way to sign in",
    ({ who, before }) => said`${who} changed the sign-in with ${issuerName(before)}`,
  ),
  "issuer.turned_on": one(
    "access",
    "Way to sign in turned on",
    ({ who, after }) => said`${who} turned the sign-in with ${issuerName(after)} on`,
  ),
  "issuer.turned_off": one(
    "access",
    "Way to sign in turned off",
    ({ who, after }) => said`${who} turned the sign-in with ${issuerName(after)} off`,
  ),
  "issuer.moved": one(
    "access",
    "Order of ways to sign in",
    ({ who, after }) => said`${who} moved the sign-in with ${issuerName(after)} up`,
  ),
  "issuer.removed": one(
    "access",
    "Way to sign in removed",
    ({ who, before }) => said`${who} removed the sign-in with ${issuerName(before)}`,
  ),
  "connection.added": one(
    "access",
    "New connection",
    ({ what, after }) => said`${what} connected ${issuerName(after)}`,
  ),
  "connection.removed": one(
    "access",
    "Connection removed",
    ({ what, before }) => said`${what} disconnected ${issuerName(before)}`,
  ),
  "passkey.added": one("access", "New passkey", ({ what }) => said`${what} added a passkey`),
  "passkey.removed": one("access", "Passkey removed", ({ what }) => said`${what} removed a passkey`),
  "passkey.all_removed": one(
    "access",
    "All passkeys removed",
    ({ who, what }) => said`${who} removed all passkeys of ${what}`,
  ),
  "passkey.copied": one(
    "access",
    "Passkey refused",
    ({ what }) => said`A passkey of ${what} was refused: its counter went back`,
  ),
  "session.started": one("signins", "Sign-in", ({ what }) => said`${what} signed in`),
  "session.confirmed": one("signins", "Confirmed", ({ what }) => said`${what} confirmed that it is them`),
  "session.ended": one("signins", "Sign-out", ({ what, after }) => {
    const why = ENDED[String(after.reason)]
    return why ? said`${what} was signed out ${why}` : said`${what} signed out`
  }),
}
