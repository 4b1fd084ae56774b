// Samples are run as they stand against a server that says what reached it, with values that would end a string in some language.
import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Sample, samplesOf } from "./index.ts"
import { csharpText, goText, phpText, pythonText } from "./words.ts"

interface Seen {
  method: string
  path: string
  query: [string, string][]
  key: string | null
  header: string | null
  type: string | null
  body: string
}

const seen: Seen[] = []
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const url = new URL(request.url)
    seen.push({
      method: request.method,
      path: url.pathname,
      query: [...url.searchParams],
      key: request.headers.get("authorization"),
      header: request.headers.get("x-note"),
      type: request.headers.get("content-type"),
      body: await request.text(),
    })
    return new Response("fine")
  },
})
const folder = mkdtempSync(join(tmpdir(), "samples-"))
afterAll(async () => {
  await server.stop(true)
  rmSync(folder, { recursive: true })
})

/** `requests` where Python has none: as much of it as a sample uses. */
const REQUESTS = `import json as j, urllib.request, urllib.error
class Answer: pass
def request(method, url, headers=None, json=None, data=None, timeout=None):
    headers = dict(headers or {})
    if json is not None:
        data = j.dumps(json).encode(); headers.setdefault("Content-Type", "application/json")
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers, method=method), timeout=timeout) as r:
        a = Answer(); a.status_code = r.status; a.text = r.read().decode(); return a
`
writeFileSync(join(folder, "requests.py"), REQUESTS)

async function run(sample: Sample): Promise<Seen> {
  seen.length = 0
  const file = join(folder, sample.language === "python" ? "sample.py" : "sample.mjs")
  writeFileSync(file, sample.code)
  const word = { bash: ["bash", "-c", sample.code], python: ["python3", file], javascript: [process.execPath, file] }
  const shell = Bun.spawn(word[sample.language as "bash"], {
    env: { PATH: process.env.PATH!, HOME: folder, PYTHONPATH: folder },
    cwd: folder,
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, wrong] = await Promise.all([new Response(shell.stdout).text(), new Response(shell.stderr).text()])
  expect([sample.label, await shell.exited, wrong.replace(/^ *%[\s\S]*$/m, "")]).toEqual([sample.label, 0, ""])
  expect(out).toContain("fine")
  expect(seen).toHaveLength(1)
  return seen[0]!
}

const HOSTILES = [
  `'; touch ${folder}/owned; echo '`,
  `"; import os; os.system("touch ${folder}/owned") #`,
  `$(touch ${folder}/owned) \`touch ${folder}/owned\` \${process.exit(3)} %s {0}`,
  "a/b?c=d&e#f \\ \\\\' \" line\nbreak\ttab",
  "@/etc/passwd",
  "👩‍👩‍👧 \u202Eabc\u2028def\uFEFF ×",
]

for (const [index, value] of HOSTILES.entries()) {
  test(`values are data in what can be run here: ${index}`, async () => {
    const text = JSON.stringify({ note: value, list: [1, 2.5, true, false, null], [value]: {} })
    const samples = samplesOf({
      method: "POST",
      baseUrl: `http://127.0.0.1:${server.port}/m/acme/weather`,
      path: "/cities/{city}/notes",
      values: [
        { place: "path", name: "city", value },
        { place: "query", name: "q[]", value },
        { place: "header", name: "x-note", value: value.replace(/[^\x20-\x7e]/g, "") },
      ],
      body: { type: "application/json", text },
      key: `ak_live_'"$x`,
    })
    // As values of the language, not as a text.
    expect(samples[1]!.code).toContain("True,")
    expect(samples[2]!.code).toContain("JSON.stringify({")
    for (const sample of samples.slice(0, 3)) {
      const got = await run(sample)
      expect(decodeURIComponent(got.path)).toBe(`/m/acme/weather/cities/${value}/notes`)
      expect(got.query).toEqual([["q[]", value]])
      expect(got.key).toBe(`Bearer ak_live_'"$x`)
      expect(got.header).toBe(value.replace(/[^\x20-\x7e]/g, "").trim())
      expect(got.type).toBe("application/json")
      expect(JSON.parse(got.body)).toEqual(JSON.parse(text))
      expect(got.method).toBe("POST")
    }
    expect(await Bun.file(join(folder, "owned")).exists()).toBe(false)
  })
}

test("a body that is no JSON, or that JSON of a language would change, arrives as it is", async () => {
  for (const text of ["a=1&b='x'\n", '{"n":12345678901234567890,"__proto__":{"a":1}}', "[1e400]"]) {
    const type = text.startsWith("a=") ? "application/x-www-form-urlencoded" : "application/json"
    const samples = samplesOf({
      method: "PUT",
      baseUrl: `http://127.0.0.1:${server.port}`,
      path: "/x",
      values: [],
      body: { type, text },
      key: "ak_plain",
    })
    for (const sample of samples.slice(0, 3)) {
      const got = await run(sample)
      expect([sample.label, got.body, got.key, got.type]).toEqual([sample.label, text, "Bearer ak_plain", type])
    }
  }
})

test("languages that are not run here: nothing ends a string, nothing is filled in, nothing is unseen", () => {
  expect(goText('a"\\\n\u202e\u{E0001}')).toBe('"a\\"\\\\\\n\\u202e\\U000e0001"')
  expect(csharpText('"{x}\u2028\u0085')).toBe('"\\"{x}\\u2028\\u0085"')
  expect(phpText('$a {$b} "\0')).toBe('"\\$a {\\$b} \\"\\u{0}"')
  expect(pythonText("\u{1F600}\u0000")).toBe('"\u{1F600}\\u0000"')
  const body = { type: "text/plain", text: 'x """" y\nBODY;\n`z`' }
  const codes = samplesOf({
    method: "POST",
    baseUrl: "https://x.example",
    path: "/",
    values: [],
    body,
    key: "ak_plain",
  })
  const [, , , csharp, go, php] = codes.map(({ code }) => code) as [string, string, string, string, string, string]
  expect(csharp).toContain('"""""\nx """" y')
  expect(go).toContain('"x \\"\\"\\"\\" y\\nBODY;\\n`z`"')
  expect(php).not.toContain("<<<")
})

test("HEAD waits for no body, and a header without a value is sent", () => {
  const [curl] = samplesOf({
    method: "HEAD",
    baseUrl: "https://x.example",
    path: "/a",
    values: [{ place: "header", name: "x-empty", value: "" }],
    body: null,
    key: "ak_plain",
  })
  expect(curl!.code).toStartWith("curl -I 'https://x.example/a'")
  expect(curl!.code).toContain("-H 'x-empty;'")
})

test("a header that no program could send is refused", () => {
  const values = [{ place: "header" as const, name: "a: b\r\nc", value: "" }]
  const bad = { method: "GET", baseUrl: "https://x.example", path: "/a", values, body: null, key: "ak_plain" }
  expect(() => samplesOf(bad)).toThrow("no name of a header")
})
