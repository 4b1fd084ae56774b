// The form of a person's picture, which stands on the page of settings.
import { pictureForm } from "../base/index.ts"

export const AVATAR_FORM = pictureForm("New picture", "Save picture")
