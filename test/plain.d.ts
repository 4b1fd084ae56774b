// Brands keep ids and amounts apart in the product; a test may write what it expects as plain numbers.
type Plain<T> = T extends number
  ? number
  : T extends string | boolean | null | undefined | bigint
    ? T
    : { [Field in keyof T]: Plain<T[Field]> }

declare module "bun:test" {
  interface MatchersBuiltin<T> {
    toBe(expected: Plain<T>): void
    toEqual(expected: Plain<T>): void
    toContainEqual(expected: Plain<T extends readonly (infer Item)[] ? Item : T>): void
  }
}

export {}
