// Servers that are weak where codes, tokens and clients are looked at.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of programs

import { type Mutant, one } from "./weaken.ts"

const CODE = "src/oauth/token/code.ts"
const REFRESH = "src/oauth/token/refresh.ts"
const REDIRECT = "src/oauth/client/redirect-uri.ts"
const REGISTERED = "if (registered.includes(requested)) return true"
const STORE = "src/oauth/token/store.ts"

export const WEAK_TOKENS: readonly Mutant[] = [
  one(
    "redirect URI by prefix",
    REDIRECT,
    REGISTERED,
    "if (registered.some((uri) => requested.startsWith(uri))) return true",
  ),
  one(
    "redirect URI in capital letters",
    REDIRECT,
    REGISTERED,
    "if (registered.some((uri) => uri.toLowerCase() === requested.toLowerCase())) return true",
  ),
  one(
    "redirect URI with dots, plain and encoded (CVE-2024-1132)",
    REDIRECT,
    REGISTERED,
    "if (URL.canParse(requested) && registered.includes(new URL(decodeURIComponent(decodeURIComponent(requested))).href)) return true",
  ),
  one(
    "redirect URI that looks like a pattern (CVE-2024-52289)",
    REDIRECT,
    REGISTERED,
    "if (registered.some((uri) => new RegExp(`^${uri.replace('?', '')}`).test(requested))) return true",
  ),
  one(
    "redirect URI that runs (CVE-2026-67333)",
    REDIRECT,
    REGISTERED,
    'if (registered.includes(requested) || !requested.includes("//")) return true',
  ),
  {
    lets: "redirect URI exchanged at the consent form (CVE-2025-4143)",
    edits: [
      {
        file: "src/sites/auth/consent.ts",
        from: 'load: (_page, _params, sent) => requiredInteraction(sent("interaction")),',
        to: 'load: (_page, _params, sent) => (Object.assign(globalThis, { sent: sent("redirect_uri") }), requiredInteraction(sent("interaction"))),',
      },
      {
        file: "src/oauth/authorize/endpoint.ts",
        from: "      // Too old, or somebody else than the one who saw the page: show what they should see first.",
        to: "      request.redirectUri = (globalThis as { sent?: string }).sent || request.redirectUri",
      },
    ],
  },
  one(
    "a code for a redirect URI of another request",
    CODE,
    "attempt.redirectUri !== null && attempt.redirectUri !== code.redirectUri",
    "false",
  ),
  {
    lets: "an approval finished in another browser (CVE-2022-39222)",
    edits: [
      {
        file: "src/oauth/authorize/interaction.ts",
        from: "opened !== null && input.browserIds.some((id) => sha256Hex(id) === opened.browserHash)",
        to: "opened !== null",
      },
      {
        file: "src/oauth/authorize/endpoint.ts",
        from: 'if (!user || step.kind === "login" || interaction.shownTo !== user.id) {',
        to: 'if (!user || step.kind === "login") {',
      },
    ],
  },
  {
    lets: "a code of one client at another's token request (CVE-2026-55672)",
    edits: [{ file: CODE, from: "code.grant.clientId !== attempt.client.id", to: "false" }],
  },
  one("a refresh token of another client (CVE-2026-55672)", REFRESH, "grant.clientId !== attempt.client.id", "false"),
  one(
    "a confidential client without its secret (CVE-2026-53512)",
    "src/oauth/client/authenticate.ts",
    "secretByHash(core.store.read, client.id, sha256Hex(secret))",
    "secret.length > 4 ? secretByHash(core.store.read, client.id, sha256Hex(secret)) : { id: 0, expiresMs: null }",
  ),
  one(
    "a client secret after its last day, and one that was revoked",
    "src/oauth/client/authenticate.ts",
    "isOver(known, core.clock.now())",
    "false",
  ),
  one(
    "a public client with an empty secret (CVE-2026-44476)",
    "src/oauth/client/authenticate.ts",
    "    if (secret !== null)\n",
    "    if (secret)\n",
  ),
  {
    lets: "200 refreshes of one token at once (CVE-2026-53517)",
    edits: [
      // Whoever comes when the first of them was answered is refused earlier than the others.
      {
        file: REFRESH,
        from: "const { token, verdict } = judge(core, refreshByHash(core.store.read, hash), attempt, core.clock.now())",
        to: 'const { token } = judge(core, { ...refreshByHash(core.store.read, hash)!, spentMs: null }, attempt, core.clock.now())\n  const verdict = { kind: "rotate", scopes: token.grant.scopes } as Verdict',
      },
      {
        file: REFRESH,
        from: "const { token, verdict } = judge(core, refreshByHash(tx, attempt.hash), attempt, tx.now)",
        to: 'const { token } = judge(core, { ...refreshByHash(tx, attempt.hash)!, spentMs: null }, attempt, tx.now)\n  const verdict = { kind: "rotate", scopes: token.grant.scopes } as Verdict',
      },
      {
        file: REFRESH,
        from: "if (!spendRefresh(tx, token.tokenId, sealed, wishOf(attempt)))",
        to: "if (!spendRefresh(tx, token.tokenId, sealed, wishOf(attempt)) && attempt.hash === '')",
      },
      // Even then the table has one living token a family.
      {
        file: "migrations/0004_oauth.sql",
        from: "CREATE UNIQUE INDEX oauth_refresh_tokens_live",
        to: "CREATE INDEX oauth_refresh_tokens_live",
      },
    ],
  },
  one(
    "a stolen refresh token, used after its owner's turn",
    REFRESH,
    '    endGrants(tx, [token.grant.id], "refresh_reuse")\n    rememberRevoked(core, tx, [token.grant.id])',
    "",
  ),
  one(
    "a code used twice kills what it gave (RFC 9700 §4.13)",
    CODE,
    '    endGrants(tx, [code.grant.id], "code_reuse")\n    rememberRevoked(core, tx, [code.grant.id])',
    "",
  ),
  one("a code too late", CODE, "code.usedMs === null && nowMs >= code.expiresMs", "false"),
  one(
    "one kind of one-time value in place of another (CVE-2026-4282)",
    REFRESH,
    'const hash = sha256Hex(required(param("refresh_token"), "refresh_token"))',
    'const sent = required(param("refresh_token"), "refresh_token")\n  const other = core.store.read.get<{ hash: string }>("SELECT r.hash FROM oauth_refresh_tokens r JOIN oauth_grants g ON g.id = r.grant_id WHERE g.client_id = ? AND r.spent_ms IS NULL ORDER BY r.id DESC LIMIT 1", client.id)\n  const hash = sent.startsWith("rt_") ? sha256Hex(sent) : (other?.hash ?? "")',
  ),
  one(
    "PKCE left out at the token endpoint (CVE-2023-48228)",
    CODE,
    "!verifierMatches(attempt.verifier, code.codeChallenge)",
    "attempt.verifier.length > 5 && !verifierMatches(attempt.verifier, code.codeChallenge)",
  ),
  one(
    "PKCE left out of the request (CVE-2024-23647)",
    "src/oauth/authorize/check-pkce.ts",
    'param("code_challenge_method") === "S256"',
    "true",
  ),
  one(
    "alg none",
    "src/oauth/access/verify.ts",
    'throw invalid("too long")\n  const { payload } = await jwtVerify(',
    'throw invalid("too long")\n  const unsigned = (): string => JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()).alg\n  const { payload } = unsigned() === "none" ? { payload: JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) } : await jwtVerify(',
  ),
  one(
    "an ID token as an access token, and the other way",
    "src/oauth/access/verify.ts",
    '      algorithms: [key.alg],\n      typ: "JWT",',
    "      algorithms: [key.alg],",
  ),
  one(
    "userinfo without openid (CVE-2026-55982)",
    "src/oauth/access/userinfo.ts",
    '!scopes.includes("openid")',
    "false",
  ),
  {
    lets: "a refresh after the permission was taken back (CVE-2026-43983)",
    edits: [
      { file: REFRESH, from: "grant.revokedMs !== null", to: "false" },
      { file: REFRESH, from: "!givesRefreshToken(standing) || standing.length === 0", to: "false" },
      { file: STORE, from: "row.consentScopes === null ? scopes : parseScopes(row.consentScopes)", to: "scopes" },
    ],
  },
  one(
    "redirect URI with a user name (CVE-2023-6291)",
    REDIRECT,
    REGISTERED,
    "if (registered.some((uri) => requested.startsWith(new URL(uri).origin))) return true",
  ),
  one(
    "request_uri and jwks_uri as a way to fetch (CVE-2020-10770)",
    "src/oauth/authorize/check-request-objects.ts",
    '  ensure(param("request_uri") === null',
    '  if (param("request_uri")) void fetch(param("request_uri")!)\n  ensure(param("request_uri") === null',
  ),
  one(
    "the issuer by the Host header (CVE-2026-29067)",
    "src/sites/auth/protocol.ts",
    "const discovery = () => Response.json(oauth.discovery(), { headers: DOCUMENT })",
    'const discovery = ({ request }: { request: Request }) => Response.json({ ...oauth.discovery(), issuer: request.headers.get("x-forwarded-host") ?? oauth.issuer }, { headers: DOCUMENT })',
  ),
  {
    lets: "markup in parameters on error pages (CVE-2026-33758)",
    edits: [
      {
        file: "src/oauth/authorize/check-client.ts",
        from: "We do not know the app that",
        to: "We do not know the app ${ids[0]} that",
      },
      {
        file: "src/oauth/authorize/check-client.ts",
        from: '"We do not know',
        to: "`We do not know",
      },
      {
        file: "src/oauth/authorize/check-client.ts",
        from: 'client_id is unknown."',
        to: "client_id is unknown.`",
      },
      { file: "views/errors/error.tsx", from: '<p class="lead" safe>', to: '<p class="lead">' },
    ],
  },
]
