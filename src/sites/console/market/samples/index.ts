// Code that calls an endpoint, in the languages that people copy from. Every value is data, quoted by the rules of its language.
import { callOf, type SampleInput } from "./call.ts"
import { csharp, curl, go, javascript, php, python } from "./languages.ts"

export { addressOf, KEY_PLACEHOLDER, type SampleInput, type SampleValue } from "./call.ts"

export interface Sample {
  label: string
  language: "bash" | "python" | "javascript" | "csharp" | "go" | "php"
  code: string
}

/** @throws AppError validation_failed for a header that cannot be sent */
export function samplesOf(input: SampleInput): Sample[] {
  const call = callOf(input)
  return [
    { label: "curl", language: "bash", code: curl(call) },
    { label: "Python", language: "python", code: python(call) },
    { label: "JavaScript", language: "javascript", code: javascript(call) },
    { label: "C#", language: "csharp", code: csharp(call) },
    { label: "Go", language: "go", code: go(call) },
    { label: "PHP", language: "php", code: php(call) },
  ]
}
