// Exactly what is used of Morpho Blue. Taken from npm @morpho-org/morpho-blue 1.0.0 (IMorpho, IIrm, IOracle; events from
// libraries/EventsLib.sol, which compilers leave out of the contract's ABI), morpho-org/morpho-blue-irm (IAdaptiveCurveIrm),
// morpho-org/pre-liquidation (IPreLiquidation, EventsLib) and morpho-org/morpho-blue-oracles (IMorphoChainlinkOracleV2 and
// the parts of a Chainlink feed and of an ERC-4626 vault that it asks).
import { parseAbi } from 'viem'

const marketParams =
  'struct MarketParams { address loanToken; address collateralToken; address oracle; address irm; uint256 lltv; }'

export const morphoAbi = parseAbi([
  marketParams,
  'function extSloads(bytes32[] slots) view returns (bytes32[])',
  'function liquidate(MarketParams marketParams, address borrower, uint256 seizedAssets, uint256 repaidShares, bytes data) returns (uint256, uint256)',
  'event CreateMarket(bytes32 indexed id, MarketParams marketParams)',
  'event SetFee(bytes32 indexed id, uint256 newFee)',
  'event SetFeeRecipient(address indexed newFeeRecipient)',
  'event Supply(bytes32 indexed id, address indexed caller, address indexed onBehalf, uint256 assets, uint256 shares)',
  'event Withdraw(bytes32 indexed id, address caller, address indexed onBehalf, address indexed receiver, uint256 assets, uint256 shares)',
  'event Borrow(bytes32 indexed id, address caller, address indexed onBehalf, address indexed receiver, uint256 assets, uint256 shares)',
  'event Repay(bytes32 indexed id, address indexed caller, address indexed onBehalf, uint256 assets, uint256 shares)',
  'event SupplyCollateral(bytes32 indexed id, address indexed caller, address indexed onBehalf, uint256 assets)',
  'event WithdrawCollateral(bytes32 indexed id, address caller, address indexed onBehalf, address indexed receiver, uint256 assets)',
  'event Liquidate(bytes32 indexed id, address indexed caller, address indexed borrower, uint256 repaidAssets, uint256 repaidShares, uint256 seizedAssets, uint256 badDebtAssets, uint256 badDebtShares)',
  'event AccrueInterest(bytes32 indexed id, uint256 prevBorrowRate, uint256 interest, uint256 feeShares)',
  'event SetAuthorization(address indexed caller, address indexed authorizer, address indexed authorized, bool newIsAuthorized)',
])

export const irmAbi = parseAbi([
  marketParams,
  'struct Market { uint128 totalSupplyAssets; uint128 totalSupplyShares; uint128 totalBorrowAssets; uint128 totalBorrowShares; uint128 lastUpdate; uint128 fee; }',
  'function borrowRateView(MarketParams marketParams, Market market) view returns (uint256)',
])

/** Only AdaptiveCurveIrm has it. */
export const adaptiveCurveAbi = parseAbi(['function rateAtTarget(bytes32 id) view returns (int256)'])

export const oracleAbi = parseAbi(['function price() view returns (uint256)'])

/** The immutable parts of a MorphoChainlinkOracleV2. */
export const chainlinkOracleAbi = parseAbi([
  'function SCALE_FACTOR() view returns (uint256)',
  'function BASE_VAULT() view returns (address)',
  'function BASE_VAULT_CONVERSION_SAMPLE() view returns (uint256)',
  'function BASE_FEED_1() view returns (address)',
  'function BASE_FEED_2() view returns (address)',
  'function QUOTE_VAULT() view returns (address)',
  'function QUOTE_VAULT_CONVERSION_SAMPLE() view returns (uint256)',
  'function QUOTE_FEED_1() view returns (address)',
  'function QUOTE_FEED_2() view returns (address)',
])

export const feedAbi = parseAbi([
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])

export const vaultAbi = parseAbi(['function convertToAssets(uint256 shares) view returns (uint256)'])

const preLiquidationParams =
  'struct PreLiquidationParams { uint256 preLltv; uint256 preLCF1; uint256 preLCF2; uint256 preLIF1; uint256 preLIF2; address preLiquidationOracle; }'

export const preLiquidationAbi = parseAbi([
  preLiquidationParams,
  'function preLiquidationParams() view returns (PreLiquidationParams)',
  'function preLiquidate(address borrower, uint256 seizedAssets, uint256 repaidShares, bytes data) returns (uint256, uint256)',
])

export const preLiquidationFactoryAbi = parseAbi([
  'function isPreLiquidation(address) view returns (bool)',
  preLiquidationParams,
  'event CreatePreLiquidation(address indexed preLiquidation, bytes32 id, PreLiquidationParams preLiquidationParams)',
])
