// Who asks on the playground, and how its code proves who asks: by a key of the person's.
import type { PageRequest } from "../../base/index.ts"

export const personOf = ({ session }: Pick<PageRequest, "session">) => ({
  userId: session.userId,
  publicId: session.publicId,
})

export const SECURITY = [{ apiKey: [] }] as const
