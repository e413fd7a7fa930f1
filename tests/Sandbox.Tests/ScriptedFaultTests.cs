using Aigc2d.Sandbox.Tests.Kit;
using Aigc2d.TestKit;

namespace Aigc2d.Sandbox.Tests;

/// <summary>One grammar for all: each key does in each format what that format knows.</summary>
public sealed class ScriptedFaultTests(SandboxFixture fixture)
{
    public static TheoryData<string> Formats => ["openai", "azure", "completions", "azure-completions", "anthropic", "complete", "wenxin-v1", "wenxin-v2"];

    public static TheoryData<string> CountingFormats => ["openai", "azure", "completions", "azure-completions", "anthropic", "wenxin-v1", "wenxin-v2"];

    [Theory, MemberData(nameof(Formats))]
    public async Task A_stream_without_a_fault_says_everything_and_ends_once(string name) =>
        Assert.Equal(("abcdefgh", 1, false, false, false), await StreamAsync(name, "chunks=4,text=abcdefgh"));

    [Theory, MemberData(nameof(Formats))]
    public async Task A_cut_breaks_the_connection_after_as_many_pieces(string name) =>
        Assert.Equal(("abcd", 0, false, false, true), await StreamAsync(name, "chunks=4,text=abcdefgh,cut=2"));

    [Theory, MemberData(nameof(Formats))]
    public async Task A_cut_after_the_last_piece_still_comes_before_the_end(string name) =>
        Assert.Equal(("abcdefgh", 0, false, false, true), await StreamAsync(name, "chunks=4,text=abcdefgh,cut=4"));

    [Theory, MemberData(nameof(Formats))]
    public async Task Pieces_of_thinking_count_before_those_of_the_text(string name) =>
        Assert.Equal(("ab", 0, false, false, true), await StreamAsync(name, "reasoning=2,chunks=4,text=abcdefgh,cut=3"));

    [Theory, MemberData(nameof(Formats))]
    public async Task A_big_line_comes_before_the_text(string name) =>
        Assert.Equal((new string('x', 65_536) + "abcd", 1, false, false, false), await StreamAsync(name, "bigline=64KB,chunks=2,text=abcd"));

    [Theory, MemberData(nameof(Formats))]
    public async Task An_early_end_is_clean_but_without_the_mark(string name) =>
        Assert.Equal(("abcd", 0, false, false, false), await StreamAsync(name, "chunks=4,text=abcdefgh,end=2"));

    [Theory, MemberData(nameof(Formats))]
    public async Task Garbage_comes_in_between(string name) =>
        Assert.Equal(("abcdefgh", 1, false, true, false), await StreamAsync(name, "chunks=4,text=abcdefgh,garbage=2"));

    [Theory, MemberData(nameof(Formats))]
    public async Task An_error_in_the_stream_ends_it(string name) =>
        Assert.Equal(("abcd", 0, true, false, false), await StreamAsync(name, "chunks=4,text=abcdefgh,errorframe=2"));

    [Theory, MemberData(nameof(Formats))]
    public async Task The_mark_of_the_end_can_be_left_out_or_doubled(string name)
    {
        Assert.Equal(("abcd", 0, false, false, false), await StreamAsync(name, "chunks=2,text=abcd,nodone"));
        Assert.Equal(("abcd", 2, false, false, false), await StreamAsync(name, "chunks=2,text=abcd,doubledone"));
    }

    [Theory, MemberData(nameof(CountingFormats))]
    public async Task Tokens_are_claimed_as_scripted(string name)
    {
        var format = WireFormat.Of(name);
        Assert.Equal(("Hello! The sandbox is here to help.", format.PromptTokens, "9"), format.ReadPlain((await format.AskAsync(fixture, $"{name}-usage")).Json));
        Assert.Equal(("x", "7", "3"), format.ReadPlain((await format.AskAsync(fixture, $"{name}-usage@text=x,input=7,output=3")).Json));
        Assert.Equal(("x", "-5", "-7"), format.ReadPlain((await format.AskAsync(fixture, $"{name}-usage@text=x,usage=negative")).Json));
        Assert.Equal(("x", $"{format.PromptTokens}.5", "1.5"), format.ReadPlain((await format.AskAsync(fixture, $"{name}-usage@text=x,usage=fractional")).Json));
        Assert.Equal(("x", null, null), format.ReadPlain((await format.AskAsync(fixture, $"{name}-usage@text=x,usage=none")).Json));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task The_first_requests_of_a_name_fail_and_the_next_answer_well(string name)
    {
        var format = WireFormat.Of(name);
        var model = $"{name}-fails@status=503,retryafter=2,fails=2,text=well";

        var answers = new List<WireAnswer>();
        for (var i = 0; i < 3; i++) answers.Add(await format.AskAsync(fixture, model));

        Assert.Equal([true, true, false], answers.Select(answer => answer.Text.Contains("error", StringComparison.Ordinal)));
        Assert.Equal(["2", "2", null], answers.Select(answer => answer.Headers.GetValueOrDefault("Retry-After")));
        Assert.Equal("well", format.ReadPlain(answers[2].Json).Text);
        Assert.Equal(3, (await fixture.ReceivedAsync($"{name}-fails")).Length);
    }

    [Fact]
    public async Task Failures_that_are_used_up_come_back_when_they_are_forgotten()
    {
        // A Sandbox of its own: forgetting concerns every name.
        await using var sandbox = await ServiceUnderTest.StartAsync(SandboxApp.Build, new Dictionary<string, string?>());
        var statuses = new List<int>();
        foreach (var forget in new[] { false, false, true })
        {
            if (forget) await sandbox.Client.DeleteAsync(new Uri("/sandbox/fails", UriKind.Relative));
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models/gpt-4o@status=500,fails=1") { Headers = { { "Authorization", "Bearer sk-1" } } };
            using var response = await sandbox.Client.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([500, 200, 500], statuses);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_misspelt_script_is_refused(string name)
    {
        var answer = await WireFormat.Of(name).AskAsync(fixture, $"{name}-typo@dealy=5ms");

        Assert.Equal(name == "wenxin-v1" ? 200 : 400, answer.Status);
        Assert.Contains("dealy", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "x-ratelimit-remaining-requests=1 x-ratelimit-reset-requests=10s x-ratelimit-remaining-tokens=50")]
    [InlineData("azure", "x-ratelimit-remaining-requests=1 x-ratelimit-reset-requests=10s x-ratelimit-remaining-tokens=50")]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining=1 anthropic-ratelimit-input-tokens-remaining=50")]
    [InlineData("wenxin-v1", "X-Ratelimit-Remaining-Requests=1 X-Ratelimit-Remaining-Tokens=50")]
    [InlineData("wenxin-v2", "X-Ratelimit-Remaining-Requests=1 X-Ratelimit-Remaining-Output-Tokens=50")]
    public async Task Rate_limits_are_told_in_the_providers_own_headers(string name, string headers)
    {
        var answer = await WireFormat.Of(name).AskAsync(fixture, $"{name}-limits@remaining=1,remainingtokens=50,reset=10s");

        Assert.Equal(headers.Split(' '), headers.Split(' ').Select(header => $"{header.Split('=')[0]}={answer.Headers[header.Split('=')[0]]}"));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_text_ends_at_its_limit(string name)
    {
        var body = WireFormat.Of(name).Body("limit", false).Replace("500", "2", StringComparison.Ordinal);
        if (!body.Contains('2', StringComparison.Ordinal)) body = body[..^1] + (name == "wenxin-v1" ? ""","max_output_tokens":2}""" : ""","max_tokens":2}""");

        var answer = await WireFormat.Of(name).AskAsync(fixture, "limit", body: body);

        Assert.Equal("Hello! T", WireFormat.Of(name).ReadPlain(answer.Json).Text);
        Assert.Matches("length|max_tokens", answer.Text);
    }

    private async Task<(string Text, int Ends, bool HasError, bool HasGarbage, bool IsBroken)> StreamAsync(string name, string script)
    {
        var format = WireFormat.Of(name);
        var answer = await format.AskAsync(fixture, $"{name}-stream@{script}", stream: true);
        Assert.Equal((200, "text/event-stream; charset=utf-8"), (answer.Status, answer.Headers["Content-Type"]));
        var (text, ends, hasError, hasGarbage) = format.Read(answer);
        return (text, ends, hasError, hasGarbage, answer.IsBroken);
    }
}
