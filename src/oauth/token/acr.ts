// How strong a sign-in was, in words for apps: two classes (`acr`, OIDC Core §2), told from the methods (`amr`, RFC 8176).
const ACR_ONE = "urn:purser:acr:1fa"
export const ACR_SEVERAL = "urn:purser:acr:mfa"
/** Weakest first. */
export const ACR_VALUES: readonly string[] = [ACR_ONE, ACR_SEVERAL]

export const acrOf = (amr: readonly string[]): string => (amr.includes("mfa") ? ACR_SEVERAL : ACR_ONE)

/** Whether a sign-in of this class is at least one of those that were asked for; several factors pass where one would do. */
export const satisfies = (acr: string, asked: readonly string[]): boolean =>
  asked.some((value) => ACR_VALUES.includes(value) && ACR_VALUES.indexOf(acr) >= ACR_VALUES.indexOf(value))
