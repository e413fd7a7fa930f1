using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.Contracts.Billing;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Billing: places every hold unless told otherwise, and remembers holds and releases.</summary>
public sealed class BillingStandIn : StandIn
{
    public const int DefaultHeldOutputTokens = 100;

    public Func<PlaceHold, PlaceHoldResult> Decide { get; set; } = hold => Placed(hold.MaxOutputTokens is { } most ? most * hold.Choices : DefaultHeldOutputTokens);

    /// <summary>Holds answers on holds back until it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many of the next releases fail.</summary>
    public int ReleaseFailures { get; set; }

    public ConcurrentQueue<PlaceHold> Holds { get; } = new();

    public ConcurrentQueue<ReleaseHold> Releases { get; } = new();

    public string[] PricedModels { get; set; } = ["gpt-4o-mini"];

    public PointsResponse Points { get; set; } = new() { BalanceMicropoints = 10, HeldMicropoints = 3, AvailableMicropoints = 7 };

    public static PlaceHoldResult Placed(int heldOutputTokens) => new() { Outcome = HoldOutcome.Placed, Micropoints = 1, HeldOutputTokens = heldOutputTokens };

    protected override async Task<bool> TryAnswerAsync(HttpContext context, Asked asked)
    {
        switch (asked.Method, asked.Target)
        {
            case ("POST", "/internal/holds"):
                var holds = JsonSerializer.Deserialize<PlaceHoldsRequest>(asked.Body, Json)!.Holds;
                foreach (var hold in holds) Holds.Enqueue(hold);
                await Gate;
                return await WriteAsync(context, new PlaceHoldsResponse { Results = [.. holds.Select(Decide)] });
            case ("POST", "/internal/holds/release"):
                return Release(context, asked);
            case ("GET", "/internal/prices/models"):
                return await WriteAsync(context, new PricedModelsResponse { Models = PricedModels });
            case ("GET", var target) when target.StartsWith("/internal/accounts/", StringComparison.Ordinal):
                return await WriteAsync(context, Points);
            default:
                return false;
        }
    }

    private bool Release(HttpContext context, Asked asked)
    {
        if (ReleaseFailures-- > 0)
        {
            context.Response.StatusCode = 503;
            return true;
        }

        foreach (var release in JsonSerializer.Deserialize<ReleaseHoldsRequest>(asked.Body, Json)!.Holds) Releases.Enqueue(release);
        context.Response.StatusCode = 204;
        return true;
    }
}
