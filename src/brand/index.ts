// The door of `brand`: how this house is called and looks, as its operator set it.
import { sha256Hex } from "../app/index.ts"
import { drawTouch, type Media, type Place } from "../media/index.ts"
import { type Settings, settingIn } from "../settings/index.ts"
import type { Reader } from "../store/index.ts"
import { sheetOf } from "./accent.ts"
import { BRAND, linesOf } from "./settings.ts"

export { accentOf, contrast, isColour, rgbOf, type ThemeAccent } from "./accent.ts"
export { brandPart } from "./part.ts"
export { BRAND } from "./settings.ts"

/** Where the logo is shown. Ids of apps, whose icons are kept so too, are never this word. */
export const LOGO: Place = { purpose: "icon", subject: "house" }
const LOGO_WIDTH = 128
/** Made smaller for home screens. */
const TOUCH_FROM = 256

export interface BrandLook {
  name: string
  logoUrl?: string | undefined
  /** The logo as phones put it on their home screen. */
  touchUrl?: string | undefined
  sheetUrl?: string | undefined
}

export type Brand = ReturnType<typeof createBrand>

/** For whom only the name matters, such as mails. */
export const brandName = (settings: Pick<Settings, "get">, tx?: Reader): string => settings.get(BRAND.name, tx)

/** For rules about names of strangers, inside the body that saves them. */
export const houseNameIn = (reader: Reader): string => settingIn(reader, BRAND.name)

export function createBrand({ settings, media }: { settings: Settings; media: Pick<Media, "addressOf" | "fileOf"> }) {
  let sheet = { accent: "", text: "", version: "" }
  const sheetNow = () => {
    const accent = settings.get(BRAND.accent)
    if (accent !== sheet.accent) {
      const text = accent === "" ? "" : sheetOf(accent)
      sheet = { accent, text, version: sha256Hex(text).slice(0, 10) }
    }
    return sheet
  }
  let touch: { id: string; png: Promise<Uint8Array> } | null = null
  const logoId = () => media.addressOf(LOGO, TOUCH_FROM)?.split("/")[2]
  return {
    look(): BrandLook {
      const { accent, version } = sheetNow()
      return {
        name: brandName(settings),
        touchUrl: logoId() && `/touch.png?v=${logoId()}`,
        logoUrl: media.addressOf(LOGO, LOGO_WIDTH),
        ...(accent === "" ? {} : { sheetUrl: `/brand.css?v=${version}` }),
      }
    },
    /** `#rrggbb`; null: the product's own. */
    accent: (): string | null => settings.get(BRAND.accent) || null,
    /** The style sheet with the accent; empty where it is as it came. */
    sheet: (): { text: string; version: string } => sheetNow(),
    /** The PNG behind `touchUrl`, and of which logo it is; null without one. */
    touch(): { id: string; png: Promise<Uint8Array> } | null {
      const id = logoId()
      const file = id === undefined ? null : media.fileOf(id, TOUCH_FROM)
      if (id === undefined || !file) return null
      if (touch?.id !== id) touch = { id, png: drawTouch(file.bytes) }
      return touch
    },
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
