using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Aigc2d.Billing.Redemptions;

/// <summary>Makes a batch of redemption codes and shows them this once. A batch above the grant limit works after a second person has agreed.</summary>
internal static class CreateCodes
{
    private const int MostCodes = 10_000;
    private const int LongestName = 100;

    public static void MapCreateCodes(this IEndpointRouteBuilder routes) => routes.MapPost("/admin/redemption-codes", Handle);

    private static async Task<IResult> Handle(
        CreateCodesRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, CodeBatches batches, IOptions<BillingOptions> options, CancellationToken ct)
    {
        var faults = Faults(body).ToDictionary(fault => fault.Field, fault => new[] { fault.Message }, StringComparer.Ordinal);
        if (faults.Count > 0) return Problems.Invalid(faults);

        var limit = options.Value.GrantLimitMicropoints;
        var state = (Int128)body.Count * body.Micropoints > limit ? "pending" : "active";
        var codes = Enumerable.Range(0, body.Count).Select(_ => CodeText.New()).ToArray();
        if (await batches.CreateAsync(body, codes, state, limit, actor, ct) is not { } batchId) return Problems.Invalid("expiresAt", "must be in the future.");

        return TypedResults.Json(new { batchId, state, codes }, statusCode: state == "active" ? StatusCodes.Status201Created : StatusCodes.Status202Accepted);
    }

    private static IEnumerable<(string Field, string Message)> Faults(CreateCodesRequest body)
    {
        if (body.Count is < 1 or > MostCodes) yield return ("count", $"must be 1 to {MostCodes}.");
        if (body.Micropoints is < 1 or > Micropoints.Max) yield return ("micropoints", $"must be an integer from 1 to {Micropoints.Max}.");
        else if ((Int128)body.Count * body.Micropoints > Micropoints.Max) yield return ("micropoints", $"times count must be at most {Micropoints.Max}.");
        if (body.Name is not null && !Reason.IsGood(body.Name, LongestName)) yield return ("name", $"must have 1 to {LongestName} characters.");
        if (body.Reason is not null && !Reason.IsGood(body.Reason)) yield return ("reason", Reason.Fault);
    }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateCodesRequest
{
    public required int Count { get; init; }

    /// <summary>What each code is worth.</summary>
    public required long Micropoints { get; init; }

    /// <summary>Null: the codes never expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Name { get; init; }

    public string? Reason { get; init; }
}
