using System.Diagnostics.Metrics;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Admission;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Admission;

public sealed class AdmissionTests
{
    private static readonly Verdict Blocked = new() { Action = VerdictAction.Block, Category = "malware", Rules = ["r1"] };
    private static readonly Verdict Distress = new() { Action = VerdictAction.Support, Category = "self_harm" };
    private static readonly PlaceHoldResult NoPoints = new() { Outcome = HoldOutcome.InsufficientPoints, Micropoints = 2_114_000, AvailableMicropoints = 5 };

    /// <summary>What Moderation and Billing do, the answer's status, and the reason with which a hold is released; null when none may be.</summary>
    public static TheoryData<string, string, int, string?> Combinations => new()
    {
        { "allows", "places", 200, null },
        { "reviews", "places", 200, null },
        { "allows", "refuses", 402, null },
        { "allows", "is down", 503, "admission_failed" },
        { "allows", "is silent", 503, "admission_failed" },
        { "blocks", "places", 400, "input_blocked" },
        { "blocks", "is down", 400, "input_blocked" },
        { "blocks", "is silent", 400, "input_blocked" },
        { "helps", "places", 200, "input_blocked" },
        { "is down", "places", 503, "admission_failed" },
        { "is down", "refuses", 402, null },
        { "is down", "is down", 503, "admission_failed" },
        { "is silent", "places", 503, "admission_failed" },
        { "is silent", "refuses", 402, null },
        { "is silent", "is silent", 503, "admission_failed" },
        { "asks a provider and allows", "places", 200, null },
        { "asks a provider and allows", "refuses", 402, null },
        { "asks a provider and blocks", "places", 400, "input_blocked" },
        { "asks a provider and has no word", "places", 503, "admission_failed" },
    };

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task What_is_not_admitted_is_not_forwarded_and_leaves_no_hold(string moderation, string billing, int status, string? released)
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, moderation, billing);
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal(status, (int)answer.StatusCode);

        var forwarded = (moderation, billing) is ("allows" or "reviews" or "asks a provider and allows", "places") ? 1 : 0;
        Assert.Equal(forwarded, edge.Siblings.Adapters.Calls.Count);
        if (released is null)
        {
            Assert.Empty(edge.Siblings.Billing.Releases);
            return;
        }

        await Eventually.Equal(1, () => Task.FromResult(edge.Siblings.Billing.Releases.Count));
        var release = Assert.Single(edge.Siblings.Billing.Releases);
        Assert.Equal((Guid.Parse(answer.Header("x-request-id")!), released), (release.RequestId, release.Reason));
    }

    [Theory]
    [InlineData(Strictness.Standard, null, "", null)]
    [InlineData(Strictness.Strict, "strict", ",\"user\":\"u-1\"", "u-1")]
    [InlineData(Strictness.Relaxed, "relaxed", ",\"safety_identifier\":\"s-1\",\"user\":\"u-1\"", "s-1")]
    [InlineData(Strictness.Standard, null, ",\"user\":\"\"", null)]
    public async Task How_strict_the_plan_is_and_who_the_end_user_is_goes_with_the_prompt_and_the_call(Strictness strictness, string? header, string fields, string? endUser)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer(principal => principal with { Plan = principal.Plan with { Strictness = strictness } });

        using var answer = await edge.ChatAsync(customer, $$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}]{{fields}}}""");

        var screening = Assert.Single(edge.Siblings.Moderation.Screenings);
        Assert.Equal((strictness, endUser), (screening.Strictness, screening.EndUser));
        Assert.Equal(header, Assert.Single(edge.Siblings.Adapters.Calls).Headers.GetValueOrDefault(CallHeaders.Strictness));
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"gpt-4o-mini","max_tokens":9,"metadata":{"user_id":"u-1"},"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/complete", """{"model":"gpt-4o-mini","max_tokens_to_sample":9,"metadata":{"user_id":"u-1"},"prompt":"\n\nHuman: hi\n\nAssistant:"}""")]
    public async Task Anthropics_clients_name_their_end_user_in_the_metadata(string route, string body)
    {
        await using var edge = await Edge.StartAsync();

        using var answer = await edge.SendAsync(HttpMethod.Post, route, edge.Customer().Key, Edge.Json(body));

        Assert.Equal("u-1", Assert.Single(edge.Siblings.Moderation.Screenings.DistinctBy(asked => asked.RequestId)).EndUser);
    }

    [Fact]
    public async Task A_forbidden_prompt_beats_a_lack_of_points()
    {
        await using var edge = await Edge.StartAsync();
        var verdict = new TaskCompletionSource();
        edge.Siblings.Moderation.Gate = verdict.Task;
        edge.Siblings.Moderation.Judge = _ => Blocked;
        edge.Siblings.Billing.Decide = _ => NoPoints;
        var asking = edge.ChatAsync(edge.Customer());
        await Eventually.True(() => edge.Siblings.Billing.Holds.Count == 1);
        verdict.SetResult();
        using var answer = await asking;
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Screening_and_hold_are_asked_at_the_same_time_about_the_same_request()
    {
        await using var edge = await Edge.StartAsync();
        var both = new TaskCompletionSource();
        edge.Siblings.Moderation.Gate = both.Task;
        edge.Siblings.Billing.Gate = both.Task;
        var customer = edge.Customer(p => p with { MicropointsPerDay = 9, Plan = p.Plan with { MultiplierPpm = 1_200_000, MicropointsPerDay = 8 } });
        var asking = edge.ChatAsync(customer, """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}],"max_tokens":50,"n":2}""");
        await Eventually.True(() => edge.Siblings.Moderation.Screenings.Count == 1 && edge.Siblings.Billing.Holds.Count == 1);
        both.SetResult();
        using var answer = await asking;

        var (id, account) = (Guid.Parse(answer.Header("x-request-id")!), customer.Principal.AccountId);
        // A busy machine may have them asked once more, about the same.
        var screening = Assert.Single(edge.Siblings.Moderation.Screenings.DistinctBy(asked => asked.RequestId));
        Assert.Equal((id, account, ScreeningStage.Prompt, "Hello, world!"), (screening.RequestId, screening.AccountId, screening.Stage, Assert.Single(screening.Texts)));
        Assert.Equal(
            new PlaceHold
            {
                RequestId = id,
                AccountId = account,
                KeyId = customer.Principal.KeyId,
                Model = "gpt-4o-mini",
                InputTokens = 11,
                MaxOutputTokens = 50,
                Choices = 2,
                MultiplierPpm = 1_200_000,
                AccountMicropointsPerDay = 8,
                KeyMicropointsPerDay = 9,
            },
            Assert.Single(edge.Siblings.Billing.Holds.Distinct()));
    }

    [Fact]
    public async Task A_silent_sibling_closes_when_the_second_that_admission_has_is_over()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        Script(edge, "allows", "is silent");
        int Asked() => edge.Siblings.Billing.Requests.Count(asked => asked.Target == "/internal/holds");
        var asking = edge.ChatAsync(edge.Customer());
        await Eventually.Equal(1, () => Task.FromResult(Asked()));
        Assert.False(asking.IsCompleted);
        var over = clock.GetUtcNow() + AdmitCall.Deadline;

        // One attempt and one retry of the same hold.
        await Eventually.True(() =>
        {
            if (Asked() < 2) clock.Advance(TimeSpan.FromMilliseconds(20));
            return Asked() == 2;
        });
        clock.Advance(over - clock.GetUtcNow());

        using var answer = await asking;
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal(2, Asked());
    }

    [Fact]
    public async Task A_client_that_goes_away_during_admission_has_its_hold_released()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        edge.Siblings.Moderation.Gate = new TaskCompletionSource().Task;
        using var client = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Edge.Json(Edge.Hello) };
        var customer = edge.Customer();
        request.Headers.Add("x-api-key", customer.Key);
        var asking = edge.Public.SendAsync(request, client.Token);
        await Eventually.True(() => edge.Siblings.Moderation.Screenings.Count == 1 && edge.Siblings.Billing.Holds.Count == 1);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await Eventually.Equal(1, () => Task.FromResult(edge.Siblings.Billing.Releases.Count));
        Assert.Equal(
            new ReleaseHold { RequestId = Assert.Single(edge.Siblings.Billing.Holds).RequestId, AccountId = customer.Principal.AccountId, Reason = "admission_failed" },
            Assert.Single(edge.Siblings.Billing.Releases));
        Assert.Empty(edge.Siblings.Adapters.Calls);
    }

    [Fact]
    public async Task A_client_that_goes_away_just_when_it_is_admitted_has_its_hold_released()
    {
        await using var edge = await Edge.StartAsync();
        var principal = edge.Customer().Principal;
        var screening = new Screening { RequestId = Guid.CreateVersion7(), AccountId = principal.AccountId, Stage = ScreeningStage.Prompt, Texts = ["Hello"] };
        var hold = new PlaceHold { RequestId = screening.RequestId, AccountId = principal.AccountId, KeyId = principal.KeyId, Model = "gpt-4o-mini", InputTokens = 11, Choices = 1, MultiplierPpm = 1_000_000 };
        using var client = new CancellationTokenSource();
        using var listener = OnAdmission(client.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => edge.Services.GetRequiredService<AdmitCall>().AdmitAsync(screening, [], hold, canHelp: true, client.Token));
        await Eventually.Equal(1, () => Task.FromResult(edge.Siblings.Billing.Releases.Count));
        Assert.Equal(new ReleaseHold { RequestId = hold.RequestId, AccountId = hold.AccountId, Reason = "admission_failed" }, Assert.Single(edge.Siblings.Billing.Releases));
    }

    [Fact]
    public async Task A_release_is_sent_again_until_Billing_has_taken_it()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => Blocked;
        edge.Siblings.Billing.ReleaseFailures = 5;
        using var answer = await edge.ChatAsync(edge.Customer());
        await Eventually.Equal(1, () => Task.FromResult(edge.Siblings.Billing.Releases.Count));
        Assert.Equal(Guid.Parse(answer.Header("x-request-id")!), Assert.Single(edge.Siblings.Billing.Releases).RequestId);
    }

    [Fact]
    public async Task What_waits_goes_as_one_batch()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        var gate = new TaskCompletionSource();
        edge.Siblings.Billing.Gate = gate.Task;
        var customer = edge.Customer();
        var calls = Enumerable.Range(0, 60).Select(_ => edge.ChatAsync(customer)).ToArray();
        await Eventually.Equal(60, () => Task.FromResult(edge.Siblings.Moderation.Screenings.Count));
        gate.SetResult();
        foreach (var answer in await Task.WhenAll(calls)) Assert.Equal(200, (int)answer.StatusCode);

        var batches = edge.Siblings.Billing.Requests.Count(asked => asked.Target == "/internal/holds");
        Assert.Equal((60, 60), (edge.Siblings.Billing.Holds.Count, edge.Siblings.Billing.Holds.Select(hold => hold.RequestId).Distinct().Count()));
        Assert.InRange(batches, 1, 6);
    }

    // Called when an admission of this test has been decided; other tests of the process are measured by the same instrument.
    private static MeterListener OnAdmission(Action decided)
    {
        var isOurs = new AsyncLocal<bool> { Value = true };
        var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "aigc2d.gateway.admissions") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (isOurs.Value) decided();
        });
        listener.Start();
        return listener;
    }

    private static void Script(Edge edge, string moderation, string billing)
    {
        edge.Siblings.Moderation.Judge = _ => moderation switch
        {
            "blocks" => Blocked,
            "helps" => Distress,
            "reviews" => new() { Action = VerdictAction.Review, Category = "deception" },
            _ => ModerationStandIn.Allow with { AskProvider = moderation.StartsWith("asks a provider", StringComparison.Ordinal) },
        };
        edge.Siblings.Moderation.JudgeWithProvider = _ => moderation switch
        {
            "asks a provider and blocks" => Blocked,
            "asks a provider and has no word" => null,
            _ => ModerationStandIn.Allow,
        };
        edge.Siblings.Moderation.IsDown = moderation == "is down";
        edge.Siblings.Moderation.IsSilent = moderation == "is silent";
        if (billing == "refuses") edge.Siblings.Billing.Decide = _ => NoPoints;
        // Only the holds: a release must find its way.
        if (billing == "is down") edge.Siblings.Billing.Routes["POST /internal/holds"] = context => { context.Abort(); return Task.CompletedTask; };
        if (billing == "is silent") edge.Siblings.Billing.Routes["POST /internal/holds"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
