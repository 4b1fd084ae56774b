import { expect, test } from "bun:test"
import common from "@zxcvbn-ts/language-common/src/passwords.json"
import domains from "disposable-email-domains"
import { isBreached, isDisposable } from "./index.ts"

test("what is on the lists is found, in whatever part of them it lies", () => {
  for (const at of [0, 1, 7, 999, domains.length >> 1, domains.length - 1]) {
    expect([domains[at], isDisposable(domains[at]!.toLowerCase())]).toEqual([domains[at]!, true])
    expect(isDisposable(`mx.${domains[at]!.toLowerCase()}`)).toBe(true)
  }
  const long = common.filter((word) => word.length >= 8)
  for (const word of [long[0]!, long[100]!, long.at(-1)!, long[100]!.toUpperCase()])
    expect([word, isBreached(word)]).toEqual([word, true])
})

test("what people use is not", () => {
  for (const domain of ["gmail.com", "outlook.com", "proton.me", "example.com", "web.de", "icloud.com", "com", ""])
    expect([domain, isDisposable(domain)]).toEqual([domain, false])
  // None of a thousand that nobody made up before.
  const made = Array.from({ length: 1_000 }, (_, at) => `correct horse ${at} battery`)
  expect(made.filter((word) => isBreached(word) || isDisposable(`${at(word)}.example`))).toEqual([])
})

const at = (word: string): string => word.replaceAll(" ", "-")
