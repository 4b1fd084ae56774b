// Numbers of bank accounts, checked by their own sums before money is ever sent there. Pure.
// IBAN: ISO 13616 (length by country, mod 97 = 1). US routing numbers: ABA, weights 3 7 1. BIC: ISO 9362.

/** Characters of an IBAN by country, as the registry of SWIFT has them. */
const IBAN_CHARS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 " +
    "FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 " +
    "LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 " +
    "SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((one) => [one.slice(0, 2), Number(one.slice(2))]),
)

/** Without the spaces that people write between groups. */
const packed = (text: string): string => text.replaceAll(/[\s-]/g, "").toUpperCase()

/** @returns the IBAN as machines write it, or what is wrong with it */
export function readIban(text: string): { iban: string; country: string } | { problem: string } {
  const iban = packed(text)
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(iban))
    return { problem: "An IBAN begins with a country and two digits, such as DE89 3704 0044 0532 0130 00." }
  const country = iban.slice(0, 2)
  const chars = IBAN_CHARS[country]
  if (chars === undefined) return { problem: `${country} has no IBANs. Look at the first two letters again.` }
  if (iban.length !== chars)
    return { problem: `An IBAN of ${country} has ${chars} characters; this one has ${iban.length}.` }
  if (mod97(iban.slice(4) + iban.slice(0, 4)) !== 1)
    return { problem: "This IBAN has a wrong character somewhere: its check digits do not fit. Compare it again." }
  return { iban, country }
}

/** Letters count 10 to 35 (ISO 7064). */
function mod97(text: string): number {
  let rest = 0
  for (const char of text) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

/** @returns null for none; a BIC of eleven or eight characters, or what is wrong with it. @param country of the IBAN beside it */
export function readBic(text: string, country: string | null): { bic: string | null } | { problem: string } {
  const bic = packed(text)
  if (bic === "") return { bic: null }
  if (!/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic))
    return { problem: "A BIC has 8 or 11 characters, such as COBADEFFXXX. Leave it empty if you do not know it." }
  // Banks of dependencies have the BIC of the country that they belong to.
  if (country !== null && bic.slice(4, 6) !== country && !SHARED.has(`${country}${bic.slice(4, 6)}`))
    return { problem: `This BIC is of a bank in ${bic.slice(4, 6)}, the IBAN of one in ${country}.` }
  return { bic }
}

const SHARED: ReadonlySet<string> = new Set(["GIGB", "FODK", "GLDK", "MCFR", "SMIT", "VAIT", "LICH", "FRMC", "FKGB"])

/** @returns nine digits, or what is wrong with them */
export function readRouting(text: string): { routing: string } | { problem: string } {
  const routing = packed(text)
  if (!/^\d{9}$/.test(routing)) return { problem: "A routing number has nine digits." }
  const sum = [...routing].reduce((total, digit, at) => total + Number(digit) * [3, 7, 1][at % 3]!, 0)
  // 00 to 12, 21 to 32, 61 to 72 and 80 are the districts that there are.
  const first = Number(routing.slice(0, 2))
  const isDistrict = first <= 12 || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first === 80
  if (sum === 0 || sum % 10 !== 0 || !isDistrict)
    return { problem: "This is no routing number: its digits do not fit together. Compare it again." }
  return { routing }
}

/** @returns 4 to 17 digits, or what is wrong with them */
export function readAccount(text: string): { account: string } | { problem: string } {
  const account = packed(text)
  return /^\d{4,17}$/.test(account) ? { account } : { problem: "An account number has 4 to 17 digits." }
}
