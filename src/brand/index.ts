// The door of `brand`: how this house is called and looks, as its operator set it.
import { sha256Hex } from "../app/index.ts"
import type { Media, Place } from "../media/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Reader } from "../store/index.ts"
import { sheetOf } from "./accent.ts"
import { BRAND, linesOf } from "./settings.ts"

export { accentOf, contrast, isColour, rgbOf, type ThemeAccent } from "./accent.ts"
export { brandPart } from "./part.ts"
export { BRAND } from "./settings.ts"

/** Where the logo is shown. Ids of apps, whose icons are kept so too, are never this word. */
export const LOGO: Place = { purpose: "icon", subject: "house" }
const LOGO_WIDTH = 128

export interface BrandLook {
  name: string
  logoUrl?: string | undefined
  sheetUrl?: string | undefined
}

export type Brand = ReturnType<typeof createBrand>

/** For whom only the name matters, such as mails. */
export const brandName = (settings: Pick<Settings, "get">, tx?: Reader): string => settings.get(BRAND.name, tx)

export function createBrand({ settings, media }: { settings: Settings; media: Pick<Media, "addressOf"> }) {
  let sheet = { accent: "", text: "", version: "" }
  const sheetNow = () => {
    const accent = settings.get(BRAND.accent)
    if (accent !== sheet.accent) {
      const text = accent === "" ? "" : sheetOf(accent)
      sheet = { accent, text, version: sha256Hex(text).slice(0, 10) }
    }
    return sheet
  }
  return {
    look(): BrandLook {
      const { accent, version } = sheetNow()
      return {
        name: brandName(settings),
        logoUrl: media.addressOf(LOGO, LOGO_WIDTH),
        ...(accent === "" ? {} : { sheetUrl: `/brand.css?v=${version}` }),
      }
    },
    /** `#rrggbb`; null: the product's own. */
    accent: (): string | null => settings.get(BRAND.accent) || null,
    /** The style sheet with the accent; empty where it is as it came. */
    sheet: (): { text: string; version: string } => sheetNow(),
    claims: () => ({ claim: settings.get(BRAND.claim), lead: settings.get(BRAND.lead) }),
    support: (): string => settings.get(BRAND.support),
    /** Pages of the operator elsewhere, by the name of their site. */
    social: () =>
      linesOf(settings.get(BRAND.social)).map((href) => ({
        href,
        label: new URL(href).hostname.replace(/^www\./, ""),
      })),
    countsShown: (): boolean => settings.get(BRAND.counts) === "yes",
  }
}
