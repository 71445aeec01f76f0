import type { Band, Distribution } from '../risk/distribution.ts'
import { dollarJson } from './dollar-json.ts'

/** A band for programs: rounded dollars are strings to the cent. */
export const bandJson = ({ debtUsd, collateralUsd, ...band }: Band) => ({
  ...band,
  ...{ debtUsd: dollarJson(debtUsd), collateralUsd: dollarJson(collateralUsd) },
})

/** How loans are spread over health, for programs. */
export const distributionJson = ({ bands, largest, ...rest }: Distribution) => ({
  ...rest,
  largest: largest ?? null,
  bands: bands.map(bandJson),
})
