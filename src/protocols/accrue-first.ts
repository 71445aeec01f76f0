import type { Address } from 'viem'

/** What a transaction wants that goes through only once others have accrued in the same block; nothing where none has to. */
export const wantsAccrual = (accrueFirst: readonly Address[] = []): { readonly wants?: string } =>
  accrueFirst.length === 0
    ? {}
    : { wants: `interest accrued in the same block before, of ${accrueFirst.join(', ')}` }
