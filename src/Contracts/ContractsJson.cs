using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Contracts;

/// <summary>Generated serialisers for everything that travels between services: camelCase, enums by their snake_case names, unknown members ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyKeyRequest))]
[JsonSerializable(typeof(VerifyKeyResponse))]
[JsonSerializable(typeof(ChangesResponse))]
[JsonSerializable(typeof(PrincipalChanged))]
[JsonSerializable(typeof(PlanChanged))]
[JsonSerializable(typeof(PlaceHoldsRequest))]
[JsonSerializable(typeof(PlaceHoldsResponse))]
[JsonSerializable(typeof(ReleaseHoldsRequest))]
[JsonSerializable(typeof(RenewHoldsRequest))]
[JsonSerializable(typeof(RenewHoldsResponse))]
[JsonSerializable(typeof(PointsResponse))]
[JsonSerializable(typeof(PricedModelsResponse))]
[JsonSerializable(typeof(ScreenRequest))]
[JsonSerializable(typeof(ScreenResponse))]
[JsonSerializable(typeof(Screening))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(ClassifyRequest))]
[JsonSerializable(typeof(ClassifyResponse))]
[JsonSerializable(typeof(AbortCallRequest))]
[JsonSerializable(typeof(RoutedModelsResponse))]
[JsonSerializable(typeof(UsageRecorded))]
[JsonSerializable(typeof(UsageTotalled))]
[JsonSerializable(typeof(TaskFinished))]
public sealed partial class ContractsJson : JsonSerializerContext;
