import { describe, expect, test } from "bun:test"
import { networkOf, normaliseCode, normaliseEmail, passwordProblem } from "./rules.ts"

describe("an address has one spelling", () => {
  test.each([
    ["Ada@Example.COM", "ada@example.com"],
    ["  ada@example.com \n", "ada@example.com"],
    ["ａｄａ@ｅxample.com", "ada@example.com"], // full-width look-alikes
    ["ada@example。com", "ada@example.com"], // ideographic full stop
    ["ﬁn@example.com", "fin@example.com"], // ligature
    ["\u212Aay@example.com", "kay@example.com"], // Kelvin sign
    ["ada@bücher.example", "ada@xn--bcher-kva.example"],
    ["ada+news@example.com", "ada+news@example.com"],
    ["O'Neill@example.com", "o'neill@example.com"],
  ])("%p → %p", (raw, email) => expect(normaliseEmail(raw)).toBe(email))

  test.each([
    ..."plain,@example.com,ada@,ada@localhost,ada@example,ada@.com,ada@-a.com,ada@1.2.3.4,ada@[1.2.3.4]".split(","),
    "a b@example.com",
    "ada@exa mple.com",
    "ada@example.com\nBcc: eve@example.com",
    "ada\u0000@example.com",
    "ada@example.com,eve@example.com",
    "<ada@example.com>",
    "ada@eve@example.com",
    '"ada"@example.com',
    ".ada@example.com",
    "ada.@example.com",
    "a..da@example.com",
    `${"a".repeat(65)}@example.com`,
    `ada@${"a".repeat(64)}.com`,
    `${"a".repeat(300)}@example.com`,
    "ada@example.com\u202e",
    "",
  ])("%p is none", (raw) => expect(normaliseEmail(raw)).toBeNull())

  test("normalising again changes nothing, whatever the letters", () => {
    for (const raw of ["İstanbul@example.com", "ΣΑΣ@example.com", "Straße@example.com", "ǅ@example.com"]) {
      const once = normaliseEmail(raw)
      expect(once).not.toBeNull()
      expect(normaliseEmail(once!)).toBe(once)
    }
  })
})

describe("a password", () => {
  test("needs eight characters, counted as people see them, at most 1024", () => {
    expect(passwordProblem("kx7!qmz", null)).toContain("at least 8")
    expect(passwordProblem("🦉🐢🦊🐝🐌🐳🐫", null)).toContain("at least 8")
    expect(passwordProblem("kx7!qmzP", null)).toBeNull()
    expect(passwordProblem("🦉🐢🦊🐝🐌🐳🐫🐖", null)).toBeNull()
    expect(passwordProblem("kx7 q".repeat(204), null)).toBeNull()
    expect(passwordProblem("kx7 q".repeat(205), null)).toContain("at most 1024")
  })
  test("is not one that everybody tries, in any case or width", () => {
    for (const common of [
      "password",
      "PassWord1",
      "12345678",
      "ｐａｓｓｗｏｒｄ",
      "qwertyuiop",
      "aaaaaaaaaa",
      "abababab",
    ]) {
      expect(passwordProblem(common, null)).toContain("Many people")
    }
  })
  test("is not the address", () => {
    expect(passwordProblem("Adalovelace", "adalovelace@example.com")).toContain("your email")
    expect(passwordProblem("ADALOVELACE@example.com", "adalovelace@example.com")).toContain("your email")
  })
})

test("networks: one IPv4 address, one /64, whatever the spelling", () => {
  expect(networkOf("203.0.113.9")).toBe("203.0.113.9")
  expect(networkOf("::ffff:203.0.113.9")).toBe("203.0.113.9")
  expect(networkOf("2001:db8:0:1::5")).toBe(networkOf("2001:0DB8:0000:0001:ffff:1:2:3"))
  expect(networkOf("2001:db8:0:1::5")).not.toBe(networkOf("2001:db8:0:2::5"))
  expect(networkOf("::1")).toBe("0:0:0:0::/64")
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64")
})

test("codes as people type them", () => {
  expect(normaliseCode(" 012-345\n")).toBe("012345")
  expect(normaliseCode("０１２３４５")).toBe("012345")
})
