// Servers that are weak where something stands for a proof.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of programs
import { type Mutant, one } from "./weaken.ts"

const CODES = "src/identity/codes.ts"

export const WEAK_PROOFS: readonly Mutant[] = [
  {
    lets: "a code of a mail in what its browser is answered (CVE-2026-105211)",
    edits: [
      {
        file: CODES,
        from: "export const pendingOf =",
        to: 'const last = { code: "" }\nexport const pendingOf =',
      },
      {
        file: CODES,
        from: "  email: row.email,\n  expiresMs",
        to: "  email: `${row.email} ${last.code}`,\n  expiresMs",
      },
      { file: CODES, from: "  const code = newCode()\n", to: "  const code = newCode()\n  last.code = code\n" },
    ],
  },
  {
    lets: "an address that is proved by what a browser made up (CVE-2026-119128)",
    edits: [
      { file: CODES, from: "if (!/^\\d{6}$/.test(code))", to: "if (!/^\\d*$/.test(code))" },
      { file: CODES, from: "  if (constantTimeEqual(", to: '  if (given.code === "" || constantTimeEqual(' },
    ],
  },
  one(
    "PKCE by plain, and alg none, as what is offered and taken (CVE-2026-67336)",
    "src/oauth/authorize/check-pkce.ts",
    'ensure(param("code_challenge_method") === "S256"',
    'ensure(["S256", "plain", null].includes(param("code_challenge_method"))',
  ),
]
