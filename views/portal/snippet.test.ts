import { expect, test } from "bun:test"
import { curl, type SnippetInput, snippets } from "./snippet.ts"

const INPUT: SnippetInput = {
  issuer: "https://purser.example",
  apiBaseUrl: "https://purser.example/v1",
  clientId: "cli_1",
  confidential: false,
  redirectUri: "http://127.0.0.1:3000/callback",
  scopes: ["profile", "llm"],
  model: "sandbox",
}
const HOSTILE = `"'$(touch /tmp/never)\`id\`\\ \${x}\n`

test("the terminal's way is five lines, and every language names the real client", () => {
  expect(curl(INPUT).split("\n")).toHaveLength(5)
  for (const { code } of snippets(INPUT)) {
    expect(code).toContain("cli_1")
    expect(code).toContain("https://purser.example/v1")
  }
  expect(snippets(INPUT, true)[0]!.label).toBe("curl")
})

test("a secret is read from the environment, by confidential apps only", () => {
  for (const { code } of snippets({ ...INPUT, confidential: true })) expect(code).toContain("CLIENT_SECRET")
  for (const { code } of snippets(INPUT)) expect(code).not.toContain("CLIENT_SECRET")
})

// What an app or an upstream is called must stay a word, whatever shell characters are in it.
test("the shell runs nothing that a name says", async () => {
  const code = curl({ ...INPUT, model: HOSTILE, redirectUri: `http://127.0.0.1/${HOSTILE}` })
  const stubs = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done >&3; }\n`
  const child = Bun.spawn(["sh", "-c", `${stubs}exec 3>&2\n${code}`], { stdin: "pipe", stdout: "pipe", stderr: "pipe" })
  child.stdin.write("the-code\n")
  await child.stdin.end()
  const [out, calls] = [await new Response(child.stdout).text(), await new Response(child.stderr).text()]
  expect(await child.exited).toBe(0)
  expect(new URL(out.split("\n")[1]!).searchParams.get("redirect_uri")).toBe(`http://127.0.0.1/${HOSTILE}`)
  const words = calls.split("\0")
  expect(words).toContain(`redirect_uri=http://127.0.0.1/${HOSTILE}`)
  expect(words).toContain("code=the-code")
  expect(JSON.parse(words.find((word) => word.startsWith("{"))!).model).toBe(HOSTILE)
})

test("JavaScript and Python get every value as a string", () => {
  const input = { ...INPUT, model: HOSTILE, redirectUri: HOSTILE, clientId: HOSTILE }
  for (const { code, label } of snippets(input)) {
    if (label !== "curl") expect(code.split(JSON.stringify(HOSTILE)).length).toBe(4)
  }
  expect(() => new Bun.Transpiler({ loader: "ts" }).transformSync(snippets(input)[0]!.code)).not.toThrow()
})

test("a page that cannot keep a secret has sdk.js by its hash, and every value as a string in a script", () => {
  const sdk = { version: "1.2.3", integrity: "sha384-abc" }
  const page = (input: SnippetInput) => snippets(input).find(({ language }) => language === "html")?.code
  expect(page({ ...INPUT, sdk })).toContain('{ "https://purser.example/sdk/1.2.3/sdk.js": "sha384-abc" }')
  expect(page({ ...INPUT, sdk })).toContain('purser("cli_1", { scope: "openid profile llm offline_access"')
  expect(page({ ...INPUT, sdk, confidential: true })).toBeUndefined()
  const hostile = page({ ...INPUT, sdk, model: "</script><script>alert(1)</script>" })
  expect(hostile?.match(/<\/script>/g)?.length).toBe(2)
})
