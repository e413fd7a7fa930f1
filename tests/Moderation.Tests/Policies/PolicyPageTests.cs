using System.Net;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>The history of policies, page by page.</summary>
public sealed class PolicyPageTests(ModerationFixture moderation)
{
    [Fact]
    public async Task Pages_hold_every_row_once_in_one_order_also_while_rows_are_added()
    {
        await using var service = await moderation.StartAsync();
        var hate = await AddAsync(service, 3, "hate", "prompt");
        var output = await AddAsync(service, 2, "hate", "output");
        var violence = await AddAsync(service, 2, "violence", "prompt");

        string[] ofHate = [.. hate, .. output], expected = [.. violence, .. ofHate];
        Assert.Equal(expected, await ReadAsync(service, "?history=true"));
        Assert.Equal(expected, await ReadAsync(service, "?history=true&limit=7"));
        Assert.Equal(expected, await ReadAsync(service, "?history=true&limit=3"));
        Assert.Equal(ofHate, await ReadAsync(service, "?history=true&limit=1&category=hate"));

        var first = await PolicyCalls.PageAsync(service, "?history=true&limit=3");
        var added = await AddAsync(service, 1, "hate", "prompt");
        var rest = await PolicyCalls.PageAsync(service, $"?history=true&after={first.GetProperty("next").GetString()}");
        Assert.Equal(expected[3..], rest.GetProperty("items").EnumerateArray().Select(VersionOf));
        Assert.Contains(Assert.Single(added), await ReadAsync(service, "?history=true"));
    }

    [Fact]
    public async Task A_page_is_of_fifty_rows_unless_asked_otherwise()
    {
        await using var service = await moderation.StartAsync();
        var added = await AddAsync(service, 51, "harassment", "output");

        var (first, rest) = (await PolicyCalls.PageAsync(service, "?history=true"), await PolicyCalls.PageAsync(service, $"?history=true&after=harassment.output.{added[49]}"));

        Assert.Equal((50, $"harassment.output.{added[49]}"), (first.GetProperty("items").GetArrayLength(), first.GetProperty("next").GetString()));
        Assert.Equal((1, null), (rest.GetProperty("items").GetArrayLength(), rest.GetProperty("next").GetString()));
    }

    [Theory]
    [InlineData("?history=true&limit=0", "limit", "must be 1 to 200.")]
    [InlineData("?history=true&limit=201", "limit", "must be 1 to 200.")]
    [InlineData("?history=true&after=hate.prompt.0", "after", "must be the 'next' of an earlier answer.")]
    [InlineData("?history=true&after=", "after", "must be the 'next' of an earlier answer.")]
    [InlineData("?limit=5", "limit", "needs history=true; what is in force at a time is one page.")]
    [InlineData("?after=hate.prompt.1", "after", "needs history=true; what is in force at a time is one page.")]
    public async Task A_page_that_means_nothing_is_refused(string query, string field, string message)
    {
        var (status, problem) = await PolicyCalls.SendAsync(moderation.Service, HttpMethod.Get, "/admin/policies" + query, null);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal((HttpStatusCode.BadRequest, field, message), (status, error.Name, error.Value[0].GetString()));
    }

    /// <summary>Adds rows one after the other; their versions, newest first.</summary>
    private static async Task<string[]> AddAsync(ServiceUnderTest service, int count, string category, string stage)
    {
        var versions = new string[count];
        for (var i = count - 1; i >= 0; i--) versions[i] = $"{await PolicyCalls.PutAsync(service, $$"""[{"category":"{{category}}","stage":"{{stage}}","blockAt":0.7,"reason":"r"}]""")}";
        return versions;
    }

    private static async Task<string[]> ReadAsync(ServiceUnderTest service, string query) => [.. (await PolicyCalls.GetAsync(service, query)).Select(VersionOf)];

    private static string VersionOf(JsonElement row) => $"{row.GetProperty("version").GetInt64()}";
}
