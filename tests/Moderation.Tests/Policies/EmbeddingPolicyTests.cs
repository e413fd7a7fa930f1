using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Tests.Providers;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>Whether the input of embeddings is screened, as dated rows.</summary>
public sealed class EmbeddingPolicyTests(ModerationFixture moderation)
{
    private const string Route = "/admin/policies/embeddings";

    [Fact]
    public async Task Without_a_row_the_input_of_embeddings_is_screened_as_a_prompt_is()
    {
        await using var service = await moderation.StartAsync();

        Assert.Equal((VerdictAction.Block, "illegal"), await JudgeAsync(service, ModerationFixture.Blocked));
        Assert.Equal("""{"inForce":{"screened":true,"effectiveFrom":null,"reason":null,"actor":null,"version":0},"items":[],"next":null}""", await ShownAsync(service));
    }

    [Fact]
    public async Task Where_it_is_not_screened_only_the_gravest_still_blocks_and_chats_are_as_before()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await moderation.StartAsync(provider: ("always", provider.Url));
        var version = await SetAsync(service, """{"screened":false,"reason":"an archive is indexed"}""");

        var prompt = ModerationFixture.Prompt(ModerationFixture.Blocked);
        Assert.Equal((VerdictAction.Allow, null), await JudgeAsync(service, ModerationFixture.Blocked));
        Assert.Equal((VerdictAction.Allow, null), await JudgeAsync(service, "I want to die"));
        Assert.Equal((VerdictAction.Block, "terrorism"), await JudgeAsync(service, ModerationFixture.Unsafe("terrorism")));
        Assert.Equal((VerdictAction.Block, "illegal"), Told(Assert.Single(await ModerationFixture.ScreenAsync(service, prompt))));
        Assert.False(Assert.Single(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt("hello") with { ForEmbeddings = true })).AskProvider);

        Assert.Equal(version, (await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), prompt.RequestId)).GetProperty("policy_version").GetInt64());
        var shown = JsonDocument.Parse(await ShownAsync(service)).RootElement;
        Assert.Equal((false, "an archive is indexed", "ada", version), Row(shown.GetProperty("inForce")));
        Assert.Equal((false, "an archive is indexed", "ada", version), Row(Assert.Single(shown.GetProperty("items").EnumerateArray())));
    }

    [Fact]
    public async Task What_is_not_screened_is_not_counted_for_previews()
    {
        await using var service = await moderation.StartAsync();
        await SetAsync(service, """{"screened":false,"reason":"r"}""");
        await JudgeAsync(service, "hello");
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt("hello"));

        var preview = await PolicyCalls.PreviewAsync(service, """[{"category":"hate","stage":"prompt","reason":"r"}]""");

        Assert.Equal(1, preview.GetProperty("items")[0].GetProperty("screenings").GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task A_row_begins_at_its_date_and_ends_with_the_next_also_in_another_process()
    {
        var database = moderation.NewDatabase();
        await using var one = await moderation.StartAsync(database);
        await using var other = await moderation.StartAsync(database);
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(1.5);

        await SetAsync(one, $$"""{"screened":false,"effectiveFrom":"{{soon:O}}","reason":"later"}""");
        Assert.Equal((VerdictAction.Block, "illegal"), await JudgeAsync(one, ModerationFixture.Blocked));
        await Eventually.Equal((VerdictAction.Allow, null), () => JudgeAsync(other, ModerationFixture.Blocked));
        await SetAsync(one, """{"screened":true,"reason":"back"}""");

        Assert.Equal((VerdictAction.Block, "illegal"), await JudgeAsync(one, ModerationFixture.Blocked));
        await Eventually.Equal((VerdictAction.Block, "illegal"), () => JudgeAsync(other, ModerationFixture.Blocked));
    }

    [Theory]
    [InlineData("""{"screened":false,"reason":""}""", "reason")]
    [InlineData("""{"screened":false,"reason":"a\u0007b"}""", "reason")]
    [InlineData("""{"screened":false,"effectiveFrom":"2020-01-01T00:00:00Z","reason":"r"}""", "effectiveFrom")]
    public async Task A_fault_names_its_field_and_adds_nothing(string body, string field)
    {
        var (status, problem) = await PolicyCalls.SendAsync(moderation.Service, HttpMethod.Put, Route, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory, InlineData("""{"screened":false,"reason":"r","strike":true}"""), InlineData("""{"reason":"r"}"""), InlineData("""{"screened":false,"reason":"r","effectiveFrom":"2036-01-01T00:00:00"}"""), InlineData("[]")]
    public async Task What_is_no_such_row_is_refused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PolicyCalls.SendAsync(moderation.Service, HttpMethod.Put, Route, body)).Status);

    [Fact]
    public async Task The_services_own_role_cannot_rewrite_what_was_decided()
    {
        await using var command = ((NpgsqlDataSource)moderation.Service.Services.GetService(typeof(NpgsqlDataSource))!).CreateCommand("update embedding_policies set screened = true");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }

    private static async Task<long> SetAsync(ServiceUnderTest service, string row)
    {
        var (status, body) = await PolicyCalls.SendAsync(service, HttpMethod.Put, Route, row);
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        return body.GetProperty("policyVersion").GetInt64();
    }

    private static async Task<string> ShownAsync(ServiceUnderTest service) => (await PolicyCalls.SendAsync(service, HttpMethod.Get, Route, null)).Body.GetRawText();

    private static async Task<(VerdictAction Action, string? Category)> JudgeAsync(ServiceUnderTest service, string text) =>
        Told(Assert.Single(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(text) with { ForEmbeddings = true })));

    private static (VerdictAction Action, string? Category) Told(Verdict verdict) => (verdict.Action, verdict.Category);

    private static (bool, string?, string?, long) Row(JsonElement row) =>
        (row.GetProperty("screened").GetBoolean(), row.GetProperty("reason").GetString(), row.GetProperty("actor").GetString(), row.GetProperty("version").GetInt64());
}
