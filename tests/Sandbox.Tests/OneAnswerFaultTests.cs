using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Sandbox.Tests.Kit;
using Aigc2d.TestKit;

namespace Aigc2d.Sandbox.Tests;

/// <summary>Embeddings, counts and moderation meet the faults of the one grammar too.</summary>
public sealed class OneAnswerFaultTests(SandboxFixture fixture)
{
    public static TheoryData<string> Routes => ["openai", "azure", "wenxin-v1", "wenxin-v2", "tokenizer", "moderations", "count-tokens"];

    public static TheoryData<string> Embeddings => ["openai", "azure", "wenxin-v1", "wenxin-v2"];

    public static TheoryData<string> Counting => ["openai", "azure", "wenxin-v1", "wenxin-v2", "tokenizer", "count-tokens"];

    [Theory, MemberData(nameof(Routes))]
    public async Task A_status_comes_with_its_time_to_wait_and_only_as_often_as_scripted(string name)
    {
        var route = OneAnswerRoute.Of(name);
        var model = $"one-{name}-fails@status=503,retryafter=2,fails=2";

        var answers = new List<WireAnswer>();
        for (var i = 0; i < 3; i++) answers.Add(await route.AskAsync(fixture, model));

        Assert.Equal(route.FailsWith200 ? [200, 200, 200] : [503, 503, 200], answers.Select(answer => answer.Status));
        Assert.Equal([true, true, false], answers.Select(answer => answer.Json.TryGetProperty("error", out _) || answer.Json.TryGetProperty("error_code", out _)));
        Assert.Equal(["2", "2", null], answers.Select(answer => answer.Headers.GetValueOrDefault("Retry-After")));
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task A_delay_comes_before_the_answer(string name)
    {
        var route = OneAnswerRoute.Of(name);
        var started = Stopwatch.GetTimestamp();

        var answer = await route.AskAsync(fixture, $"one-{name}-slow@delay=80ms");

        // Timers count by a coarser clock and may be some milliseconds early.
        Assert.Equal(200, answer.Status);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(60), TimeSpan.MaxValue);
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task A_route_that_hangs_does_so_until_the_caller_goes(string name)
    {
        using var patience = new CancellationTokenSource();
        var asking = OneAnswerRoute.Of(name).AskAsync(fixture, $"one-{name}-hangs@hang", ct: patience.Token);
        await Eventually.Equal(1, () => OpenAsync($"one-{name}-hangs"));
        Assert.False(asking.IsCompleted);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.Equal(0, () => OpenAsync($"one-{name}-hangs"));
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task An_answer_breaks_off_ends_early_or_is_no_Json(string name)
    {
        var route = OneAnswerRoute.Of(name);
        var cut = await route.AskAsync(fixture, $"one-{name}@cut=0");
        var garbage = await route.AskAsync(fixture, $"one-{name}@garbage=0");
        var end = await route.AskAsync(fixture, $"one-{name}@end=0");

        Assert.Equal([true, false, false], new[] { cut, garbage, end }.Select(answer => answer.IsBroken));
        Assert.All([cut, garbage, end], answer => Assert.Equal(200, answer.Status));
        Assert.All([cut, garbage, end], answer => Assert.ThrowsAny<JsonException>(() => answer.Json));
    }

    [Theory, MemberData(nameof(Counting))]
    public async Task Tokens_are_claimed_as_scripted(string name)
    {
        var route = OneAnswerRoute.Of(name);
        var honest = name == "count-tokens" ? "11" : "4";

        Assert.Equal(honest, await ClaimAsync(""));
        Assert.Equal("7", await ClaimAsync("@input=7"));
        Assert.Equal("-5", await ClaimAsync("@usage=negative"));
        Assert.Equal("1000000000000", await ClaimAsync("@usage=huge"));
        Assert.Equal($"{honest}.5", await ClaimAsync("@usage=fractional"));
        Assert.Equal("0", await ClaimAsync("@usage=zero"));
        Assert.Null(await ClaimAsync("@usage=none"));

        async Task<string?> ClaimAsync(string script)
        {
            var answer = (await route.AskAsync(fixture, $"one-{name}-claims{script}")).Json;
            if (name == "count-tokens") return answer.TryGetProperty("input_tokens", out var tokens) ? tokens.GetRawText() : null;
            if (!answer.TryGetProperty("usage", out var usage)) return null;
            Assert.Equal(["prompt_tokens", "total_tokens"], usage.EnumerateObject().Select(member => member.Name));
            Assert.Equal(usage.GetProperty("prompt_tokens").GetRawText(), usage.GetProperty("total_tokens").GetRawText());
            return usage.GetProperty("prompt_tokens").GetRawText();
        }
    }

    [Theory, MemberData(nameof(Embeddings))]
    public async Task An_error_can_come_where_vectors_are_expected(string name)
    {
        var answer = await OneAnswerRoute.Of(name).AskAsync(fixture, $"one-{name}-error@errorframe=0");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            name switch
            {
                "wenxin-v1" => ["error_code", "error_msg", "id"],
                "wenxin-v2" => ["error", "id"],
                _ => ["error"],
            },
            answer.Json.EnumerateObject().Select(member => member.Name));
    }

    private async Task<int> OpenAsync(string model) =>
        (await fixture.Client.GetFromJsonAsync<JsonElement>($"/sandbox/open?model={model}")).GetProperty("open").GetInt32();
}
