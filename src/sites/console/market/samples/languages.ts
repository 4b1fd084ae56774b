// The same call in six languages, as people of each would write it. Pure.
import type { SampleCall } from "./call.ts"
import { csharpText, goText, isPlain, javascriptText, phpText, pythonText, shellText } from "./words.ts"

const METHODS_OF_PHP_AND_CURL_WITHOUT_BODY = new Set(["GET", "HEAD"])

export function curl({ method, url, headers, body, key }: SampleCall): string {
  // A plain -X HEAD waits for a body that never comes.
  const way = method === "HEAD" ? "-I " : method === "GET" && body === null ? "" : `-X ${method} `
  const lines = [
    `curl ${way}${shellText(url)}`,
    `-H ${shellText(`Authorization: Bearer ${key}`)}`,
    // "Name:" alone would take a header away.
    ...headers.map(([name, value]) => `-H ${shellText(value === "" ? `${name};` : `${name}: ${value}`)}`),
    // Not -d, which reads a file after an @.
    ...(body === null ? [] : [`--data-raw ${shellText(body)}`]),
  ]
  return lines.join(" \\\n  ")
}

interface Literals {
  text: (text: string) => string
  true: string
  false: string
  null: string
}
const JAVASCRIPT: Literals = { text: javascriptText, true: "true", false: "false", null: "null" }
const PYTHON: Literals = { text: pythonText, true: "True", false: "False", null: "None" }

/** A JSON value as a literal of the language, on several lines where it is long. */
function literal(value: unknown, words: Literals, indent: string, step: string): string {
  if (value === null) return words.null
  if (typeof value === "boolean") return value ? words.true : words.false
  if (typeof value === "string") return words.text(value)
  if (typeof value !== "object") return String(value)
  const [open, close] = Array.isArray(value) ? "[]" : "{}"
  const parts = Array.isArray(value)
    ? value.map((one) => literal(one, words, indent + step, step))
    : Object.entries(value).map(([name, one]) => `${words.text(name)}: ${literal(one, words, indent + step, step)}`)
  if (parts.length === 0) return `${open}${close}`
  return `${open}\n${parts.map((one) => `${indent}${step}${one},\n`).join("")}${indent}${close}`
}

export function python({ method, url, headers, body, json, key }: SampleCall): string {
  const isJson = json !== undefined
  const rows = [
    `"Authorization": ${pythonText(`Bearer ${key}`)}`,
    ...headers.map(([name, value]) => `${pythonText(name)}: ${pythonText(value)}`),
  ]
  return `import requests

response = requests.request(
    ${pythonText(method)},
    ${pythonText(url)},
    headers={
${rows.map((row) => `        ${row},\n`).join("")}    },
${isJson ? `    json=${literal(json, PYTHON, "    ", "    ")},\n` : body === null ? "" : `    data=${pythonText(body)}.encode(),\n`}    timeout=30,
)
print(response.status_code)
print(response.text)`
}

export function javascript({ method, url, headers, body, json, key }: SampleCall): string {
  const rows = [
    `Authorization: ${javascriptText(`Bearer ${key}`)}`,
    ...headers.map(([name, value]) => `${javascriptText(name)}: ${javascriptText(value)}`),
  ]
  const sent =
    json === undefined ? body && javascriptText(body) : `JSON.stringify(${literal(json, JAVASCRIPT, "  ", "  ")})`
  return `const response = await fetch(${javascriptText(url)}, {
${method === "GET" ? "" : `  method: ${javascriptText(method)},\n`}  headers: {
${rows.map((row) => `    ${row},\n`).join("")}  },
${sent === null ? "" : `  body: ${sent},\n`}})
console.log(response.status)
console.log(await response.text())`
}

/** On lines of its own where it may stand as it is. */
function csharpBody(body: string): string {
  if (!isPlain(body) || !body.includes("\n")) return csharpText(body)
  const fence = '"'.repeat(Math.max(3, ...(body.match(/"+/g) ?? []).map((one) => one.length + 1)))
  return `${fence}\n${body}\n${fence}`
}

export function csharp({ method, url, headers, body, key }: SampleCall): string {
  const type = headers.find(([name]) => name === "Content-Type")?.[1] ?? "application/octet-stream"
  const rows = headers
    .filter(([name]) => name !== "Content-Type")
    .map(([name, value]) => `request.Headers.TryAddWithoutValidation(${csharpText(name)}, ${csharpText(value)});\n`)
  const content =
    body === null
      ? ""
      : `request.Content = new StringContent(${csharpBody(body)}, Encoding.UTF8, ${csharpText(type)});\n`
  return `using System.Net.Http;
${body === null ? "" : "using System.Text;\n"}
using var client = new HttpClient();
using var request = new HttpRequestMessage(new HttpMethod(${csharpText(method)}), ${csharpText(url)});
request.Headers.TryAddWithoutValidation("Authorization", ${csharpText(`Bearer ${key}`)});
${rows.join("")}${content}using var response = await client.SendAsync(request);
Console.WriteLine((int)response.StatusCode);
Console.WriteLine(await response.Content.ReadAsStringAsync());`
}

const goBody = (body: string): string => (isPlain(body) && !body.includes("`") ? `\`${body}\`` : goText(body))

export function go({ method, url, headers, body, key }: SampleCall): string {
  const imports = ["fmt", "io", "net/http", ...(body === null ? [] : ["strings"])]
  const rows = headers.map(([name, value]) => `\treq.Header.Set(${goText(name)}, ${goText(value)})\n`)
  return `package main

import (
${imports.map((one) => `\t"${one}"\n`).join("")})

func main() {
\treq, err := http.NewRequest(${goText(method)}, ${goText(url)}, ${body === null ? "nil" : `strings.NewReader(${goBody(body)})`})
\tif err != nil {
\t\tpanic(err)
\t}
\treq.Header.Set("Authorization", ${goText(`Bearer ${key}`)})
${rows.join("")}\tres, err := http.DefaultClient.Do(req)
\tif err != nil {
\t\tpanic(err)
\t}
\tdefer res.Body.Close()
\tanswer, err := io.ReadAll(res.Body)
\tif err != nil {
\t\tpanic(err)
\t}
\tfmt.Println(res.StatusCode)
\tfmt.Println(string(answer))
}`
}

/** A nowdoc holds everything but the line that ends it. */
const phpBody = (body: string): string =>
  isPlain(body) && body.includes("\n") && !/^[ \t]*BODY\b/m.test(body) ? `<<<'BODY'\n${body}\nBODY` : phpText(body)

export function php({ method, url, headers, body, key }: SampleCall): string {
  const rows = [
    phpText(`Authorization: Bearer ${key}`),
    ...headers.map(([name, value]) => phpText(value === "" ? `${name};` : `${name}: ${value}`)),
  ]
  const hasNoBody = METHODS_OF_PHP_AND_CURL_WITHOUT_BODY.has(method)
  return `<?php
$request = curl_init(${phpText(url)});
${method === "HEAD" ? "curl_setopt($request, CURLOPT_NOBODY, true);\n" : hasNoBody ? "" : `curl_setopt($request, CURLOPT_CUSTOMREQUEST, ${phpText(method)});\n`}curl_setopt($request, CURLOPT_RETURNTRANSFER, true);
curl_setopt($request, CURLOPT_HTTPHEADER, [
${rows.map((row) => `    ${row},\n`).join("")}]);
${body === null ? "" : `curl_setopt($request, CURLOPT_POSTFIELDS, ${phpBody(body)});\n`}$answer = curl_exec($request);
echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), "\\n";
echo $answer, "\\n";`
}
