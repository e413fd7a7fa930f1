using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Edges;

public sealed class PrivacyTests
{
    private const string Marker = "MARKER-7f3a";

    [Fact]
    public async Task No_prompt_answer_or_key_is_ever_logged()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var siblings = edge.Siblings;
        string[] bodies =
        [
            $$$"""{"model":"gpt-4o-mini","messages":[{"role":"system","content":"{{{Marker}}}"},{"role":"user","content":"{{{Marker}}}"}],"tools":[{"function":{"name":"{{{Marker}}}"}}]}""",
            $$"""{"model":"{{Marker}}","messages":[{"role":"{{Marker}}","content":"{{Marker}}"}]}""",
            $$"""{"model":"m","{{Marker}}":1,"{{Marker}}":2}""",
            $$"""{"{{Marker}}""",
        ];
        Action[] faults =
        [
            () => { },
            () => siblings.Adapters.Answer = AdaptersStandIn.Failing("provider_error", 502, Marker),
            () => siblings.Adapters.Answer = AdaptersStandIn.Streaming([System.Text.Encoding.UTF8.GetBytes(Marker), []], _ => throw AdaptersStandIn.BreakOff()),
            () => siblings.Adapters.IsDown = true,
            () => siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.InsufficientPoints },
            () => siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Block, Category = "hate", Rules = [Marker] },
            () => siblings.Moderation.IsDown = true,
            () => siblings.Billing.Routes["POST /internal/holds"] = context => AdaptersStandIn.JsonAsync(context, $$"""{"results":["{{Marker}}"]}"""),
        ];
        foreach (var fault in faults)
        {
            fault();
            foreach (var body in bodies)
            {
                using var answer = await edge.ChatAsync(customer, body, headers => headers.Add("Idempotency-Key", Marker));
                await answer.Content.LoadIntoBufferAsync().ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        (await edge.SendAsync(HttpMethod.Get, $"/v1/models/{Marker}?key={customer.Key}", "AIGC2D-00000000-0000-4000-8000-00000000beef")).Dispose();
        var logs = edge.Logs.ToString();
        Assert.Contains("Application started", logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, logs, StringComparison.Ordinal);
        Assert.DoesNotContain("AIGC2D-", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("00000000beef", logs, StringComparison.Ordinal);
    }
}
