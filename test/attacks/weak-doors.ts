// Servers that are weak at the door: sessions, forms, letters, headers, what pages show.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of programs

import { type Mutant, one } from "./weaken.ts"

export const WEAK_DOORS: readonly Mutant[] = [
  one(
    "return-to another host after sign-in (CVE-2025-27143)",
    "src/http/local-path.ts",
    '  if (!target?.startsWith("/") || target.length > LOCAL_PATH_CHARS_MAX) return fallback',
    "  if (target) return target",
  ),
  {
    lets: "return-to with dots in front of the host",
    edits: [
      {
        file: "src/http/local-path.ts",
        from: "  return path !== null && resolved(path, origin) === path ? path : fallback",
        to: "  return path ?? fallback",
      },
      {
        file: "src/http/local-path.ts",
        from: 'return path.startsWith("//") || decodesToHost(url.pathname) ? null : path',
        to: "return path",
      },
    ],
  },
  one(
    "a session id that was there before the sign-in",
    "src/identity/sessions.ts",
    "  const token = randomSecret()",
    "  const token = start.visitor.previousToken ?? randomSecret()",
  ),
  one(
    "a session after signing out (CVE-2024-7341)",
    "src/identity/sessions.ts",
    '    rows.endSession(tx, row.parentId ?? row.id, "logout")',
    "",
  ),
  {
    lets: "a form of another site, by Origin",
    edits: [
      {
        file: "src/http/csrf.ts",
        from: 'if (id && originOf(request, ownOf(request)) !== "foreign") return',
        to: "if (id) return",
      },
    ],
  },
  {
    lets: "a form with the token of the attacker's own browser",
    edits: [
      {
        file: "src/http/csrf.ts",
        from: "sent && browser(request).ids.find((each) => isOneOf(sent.proof, proofs(each)))",
        to: "sent && browser(request).id",
      },
      {
        file: "src/http/csrf.ts",
        from: "if (person === undefined || timingSafeEqual(owner, NOBODY) || isOneOf(owner, owners(id, person))) return",
        to: "if (owner) return",
      },
    ],
  },
  one(
    "who has an account, by signing in (CVE-2026-23511)",
    "src/identity/login.ts",
    "|| !attempt.account || !hash) throw wrong()",
    '|| !attempt.account || !hash) throw attempt.account ? wrong() : new AppError("validation_failed", "There is no such account.")',
  ),
  one(
    "codes of a mail, guessed (CVE-2025-64102)",
    "src/identity/codes.ts",
    '  if (row.tries >= L.codeTriesMax) return { is: "wrong", left: 0 }',
    "",
  ),
  one(
    "guesses with invented X-Forwarded-For",
    "src/http/forwarded.ts",
    "    if (!isTrusted(peer)) {",
    '    if (headers.has("x-forwarded-for")) return headers.get("x-forwarded-for")!\n    if (!isTrusted(peer)) {',
  ),
  one(
    "a code used twice (replay)",
    "src/identity/second-step/enrol.ts",
    "stepOf(secretOf(core, row), appCode, tx.now, row.lastStep)",
    "stepOf(secretOf(core, row), appCode, tx.now, 0)",
  ),
  one(
    "a recovery code used twice",
    "src/identity/second-step/store.ts",
    "user_id = ? AND code_hash = ? AND used_ms IS NULL",
    "user_id = ? AND code_hash = ?",
  ),
  {
    lets: "a link for a new password, used twice and after another one",
    edits: [
      {
        file: "src/identity/store/resets.ts",
        from: 'const OPEN = "used_ms IS NULL AND void_ms IS NULL AND expires_ms > ?"',
        to: 'const OPEN = "expires_ms > ?"',
      },
      // The table itself takes one use only.
      {
        file: "src/identity/store/resets.ts",
        from: "WHERE token_hash = ? AND ${OPEN}`,\n    tx.now,\n    browserHash,",
        to: "WHERE token_hash = ? AND used_ms IS NULL AND ${OPEN}`,\n    tx.now,\n    browserHash,",
      },
      {
        file: "src/identity/store/resets.ts",
        from: "    tokenHash,\n    tx.now,\n  ).changes === 1",
        to: "    tokenHash,\n    tx.now,\n  ).changes >= 0",
      },
    ],
  },
  one(
    "markup in an app's name on the consent page (CVE-2026-32112)",
    "views/auth/consent.tsx",
    "<bdi safe>{client.name}</bdi>",
    "<bdi>{client.name}</bdi>",
  ),
  one("pages in a frame (clickjacking)", "src/http/responses.ts", "\"frame-ancestors 'none'\",", ""),
  one(
    "sign-out by a link or a picture (CVE-2020-10734)",
    "src/sites/auth/logout.ts",
    '  site.get("/logout", (page) => arrive(deps, page))',
    `  site.get("/logout", async (page) => {
    await signOut(deps, page.request, everybody(peopleOf(deps, page.request)))
    return arrive(deps, page)
  })`,
  ),
  one(
    "letters to strangers' addresses carry no words of the sender (GHSA-mw38-8gr7-c4x2)",
    "src/identity/codes.ts",
    "data: { code }, uselessAfterMs: expiresMs",
    "data: { code: `${code} for ${name}` }, uselessAfterMs: expiresMs",
  ),
  {
    lets: "a link in a letter by the Host header (GHSA-2wmj-46rj-qm2w)",
    edits: [
      {
        file: "src/sites/auth/password.ts",
        from: "      await identity.requestPasswordReset(",
        to: "      Object.assign(globalThis, { host: request.headers.get('x-forwarded-host') })\n      await identity.requestPasswordReset(",
      },
      {
        file: "src/identity/password.ts",
        from: "`${core.baseUrl}/reset-password?${query}`",
        to: "`http://${(globalThis as { host?: string }).host}/reset-password?${query}`",
      },
    ],
  },
  one(
    "around the second step (CVE-2025-64103)",
    "src/identity/login.ts",
    "  if (isOn(tx, user.id)) return waitForCode(core, visitor, accountById(tx, user.id)!, tx.now)",
    "",
  ),
]
