using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Channels;

public sealed class ChannelTests(AdaptersFixture fixture)
{
    private const string Secret = "sk-very-secret-upstream-key-9876";

    private AdaptersHost Adapters => fixture.Adapters;

    [Fact]
    public async Task A_created_channel_is_answered_as_documented_and_in_force_at_once()
    {
        var model = $"model-{Guid.CreateVersion7():N}";

        var (status, created) = await SendAsync(HttpMethod.Post, "", $$"""
            {"provider":"openai","name":"first","baseUrl":"{{fixture.Sandbox.BaseAddress}}v1/","credential":"{{Secret}}","models":["{{model}}",{"name":"{{model}}-b","upstream":"up"}],"priority":10,"weight":3}
            """);
        var answer = await Adapters.AskAsync(TestCall.Of(new TestModel(model, model, model), stream: false));

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(
            $$$"""{"id":"{{{Id(created)}}}","provider":"openai","name":"first","baseUrl":"{{{fixture.Sandbox.BaseAddress}}}v1","models":[{"name":"{{{model}}}","upstream":"{{{model}}}"},{"name":"{{{model}}}-b","upstream":"up"}],"priority":10,"weight":3,"state":"active","credentialLast4":"9876","region":null,"limits":{},"priceOverrides":{}}""",
            created);
        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("\"provider\":\"openai\"", "\"provider\":\"midjourney\"", "provider")]
    [InlineData("\"name\":\"n\"", "\"name\":\"\"", "name")]
    [InlineData("\"name\":\"n\"", "\"name\":\"a\\u0000b\"", "name")]
    [InlineData("\"baseUrl\":\"http://127.0.0.1/v1\"", "\"baseUrl\":\"ftp://127.0.0.1/v1\"", "baseUrl")]
    [InlineData("\"baseUrl\":\"http://127.0.0.1/v1\"", "\"baseUrl\":\"/v1\"", "baseUrl")]
    [InlineData("\"baseUrl\":\"http://127.0.0.1/v1\"", "\"baseUrl\":\"http://user@127.0.0.1/v1\"", "baseUrl")]
    [InlineData("\"baseUrl\":\"http://127.0.0.1/v1\"", "\"baseUrl\":\"http://127.0.0.1/v1?x=1\"", "baseUrl")]
    [InlineData("\"baseUrl\":\"http://127.0.0.1/v1\"", "\"baseUrl\":\"http://127.0.0.1/openai?api-version=2024-10-21&x=1\"", "baseUrl")]
    [InlineData("\"baseUrl\":\"http://127.0.0.1/v1\"", "\"baseUrl\":\"http://127.0.0.1/openai?api-version=latest\"", "baseUrl")]
    [InlineData("\"provider\":\"openai\",\"name\":\"n\",\"baseUrl\":\"http://127.0.0.1/v1\"", "\"provider\":\"wenxin-v2\",\"name\":\"n\",\"baseUrl\":\"http://127.0.0.1/v2?api-version=2024-10-21\"", "baseUrl")]
    [InlineData("\"provider\":\"openai\"", "\"provider\":\"wenxin\"", "credential")]
    [InlineData("\"provider\":\"openai\",\"name\":\"n\",\"baseUrl\":\"http://127.0.0.1/v1\",\"credential\":\"sk-1\"", "\"provider\":\"wenxin\",\"name\":\"n\",\"baseUrl\":\"http://127.0.0.1\",\"credential\":\"ak:sk:x\"", "credential")]
    [InlineData("\"credential\":\"sk-1\"", "\"credential\":\"\"", "credential")]
    [InlineData("\"credential\":\"sk-1\"", "\"credential\":\"sk\\r\\nx: y\"", "credential")]
    [InlineData("\"credential\":\"sk-1\"", "\"credential\":null", "credential")]
    [InlineData("\"models\":[\"m\"]", "\"models\":[]", "models")]
    [InlineData("\"models\":[\"m\"]", "\"models\":[\"m\",\"m\"]", "models")]
    [InlineData("\"models\":[\"m\"]", "\"models\":[\"with space\"]", "models[0]")]
    [InlineData("\"models\":[\"m\"]", "\"models\":[7]", "models")]
    [InlineData("\"models\":[\"m\"]", "\"models\":[{\"name\":\"m\",\"upstrem\":\"x\"}]", "upstrem")]
    [InlineData("\"weight\":1", "\"weight\":0", "weight")]
    [InlineData("\"weight\":1", "\"weight\":\"1\"", "weight")]
    [InlineData("\"weight\":1", "\"wieght\":1", "wieght")]
    public async Task A_field_at_fault_is_named(string right, string wrong, string field)
    {
        const string Valid = """{"provider":"openai","name":"n","baseUrl":"http://127.0.0.1/v1","credential":"sk-1","models":["m"],"weight":1}""";

        var (status, problem) = await SendAsync(HttpMethod.Post, "", Valid.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.DoesNotContain("sk-1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_a_deleted_channel_leaves_its_model_known()
    {
        var model = await Adapters.ModelAsync();
        var call = TestCall.Of(model, stream: false);

        var (disabled, body) = await SendAsync(HttpMethod.Patch, $"/{model.ChannelId}", """{"state":"disabled","name":"renamed"}""");
        Assert.Equal((HttpStatusCode.OK, "disabled", "renamed", model.Upstream), (disabled, Text(body, "state"), Text(body, "name"), JsonDocument.Parse(body).RootElement.GetProperty("models")[0].GetProperty("upstream").GetString()));
        Assert.Equal((503, "no_channel"), await AskAsync());

        await SendAsync(HttpMethod.Patch, $"/{model.ChannelId}", """{"state":"active"}""");
        Assert.Equal((200, null), await AskAsync());

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"/{model.ChannelId}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, $"/{model.ChannelId}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Patch, $"/{model.ChannelId}", "{}")).Status);
        Assert.Equal((503, "no_channel"), await AskAsync());
        Assert.Equal((false, 0), ((await RoutedAsync(Adapters, model))!.Available, (await RoutedAsync(Adapters, model))!.Providers.Length));

        async Task<(int, string?)> AskAsync()
        {
            var answer = await Adapters.AskAsync(TestCall.Of(model, stream: false));
            return (answer.Status, answer.Failure);
        }
    }

    [Fact]
    public async Task A_channel_of_higher_priority_is_asked_and_weights_share_a_tier()
    {
        var first = await Adapters.ModelAsync();
        var second = first with { Upstream = first.Base + "-second", Base = first.Base + "-second" };
        second = second with { ChannelId = await Adapters.ChannelAsync(fixture.Sandbox.BaseAddress, second, priority: 5) };

        await Adapters.AskAsync(TestCall.Of(first, stream: false));
        await SendAsync(HttpMethod.Patch, $"/{second.ChannelId}", """{"priority":0}""");
        for (var i = 0; i < 40; i++) await Adapters.AskAsync(TestCall.Of(first, stream: false));

        // One call by priority, then about half of forty; a fair coin misses this range once in a hundred million.
        Assert.InRange((await Adapters.ReceivedAtSandboxAsync(second)).Length, 2 + 1, 40 - 1);
    }

    [Fact]
    public async Task Other_replicas_learn_of_a_channel()
    {
        var database = fixture.NewDatabase();
        var one = await fixture.StartAsync(database: database);
        var other = await fixture.StartAsync(database: database);

        var model = await one.ModelAsync();

        // Well before the poll of 30 seconds: the notification does it.
        await Eventually.True(async () => (await RoutedAsync(other, model))?.Available == true, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_credential_is_sealed_at_rest_and_shown_nowhere()
    {
        var model = await Adapters.ModelAsync();
        await SendAsync(HttpMethod.Patch, $"/{model.ChannelId}", $$"""{"credential":"{{Secret}}"}""");
        await Adapters.AskAsync(TestCall.Of(model, stream: false));

        var received = Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
        Assert.Equal($"Bearer {Secret}", received.GetProperty("headers").GetProperty("authorization").GetString());
        var row = (string)(await Adapters.ExecuteAsync($"select channels::text || encode(credential, 'escape') from channels where id = '{model.ChannelId}'"))!;
        foreach (var text in new[] { row, (await SendAsync(HttpMethod.Get, "?limit=1000")).Body, Adapters.Service.Logs.ToString() }) Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channels_are_listed_page_by_page()
    {
        var adapters = await fixture.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add((await adapters.ModelAsync()).ChannelId.ToString());

        var first = JsonDocument.Parse(await adapters.Client.GetStringAsync(new Uri("/admin/channels?limit=2", UriKind.Relative))).RootElement;
        var rest = JsonDocument.Parse(await adapters.Client.GetStringAsync(new Uri($"/admin/channels?limit=2&after={first.GetProperty("next").GetString()}", UriKind.Relative))).RootElement;

        Assert.Equal(ids, first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetString()!));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("", true, 200, null)]
    [InlineData("status=401", false, 401, "invalid_api_key: Incorrect API key provided: ***. You can find your API key at ***")]
    [InlineData("garbage=0", false, 200, "the answer is not a chat completion")]
    public async Task A_test_tells_whether_a_channel_works(string script, bool ok, int status, string? error)
    {
        var model = await Adapters.ModelAsync(script);

        var (answered, body) = await SendAsync(HttpMethod.Post, $"/{model.ChannelId}/test", JsonSerializer.Serialize(new { model = model.Name }));

        var result = JsonDocument.Parse(body).RootElement;
        Assert.Equal(HttpStatusCode.OK, answered);
        Assert.Equal((ok, status, error), (result.GetProperty("ok").GetBoolean(), result.GetProperty("status").GetInt32(), result.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task A_test_of_an_upstream_that_is_not_there_says_so()
    {
        var model = new TestModel("nowhere", "nowhere", "nowhere");
        var id = await Adapters.ChannelAsync(new Uri($"http://127.0.0.1:{TestSockets.FreePort()}"), model);

        var (_, body) = await SendAsync(HttpMethod.Post, $"/{id}/test", """{"model":"nowhere"}""");
        var (unknown, problem) = await SendAsync(HttpMethod.Post, $"/{id}/test", """{"model":"other"}""");

        Assert.Equal(("not reached: ConnectionError", JsonValueKind.Null), (Text(body, "error"), JsonDocument.Parse(body).RootElement.GetProperty("status").ValueKind));
        Assert.Equal((HttpStatusCode.BadRequest, true), (unknown, problem.Contains("\"model\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nobody_comes_in_without_the_internal_header()
    {
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Adapters.Service.BaseAddress };
        foreach (var path in new[] { "/admin/channels", "/internal/models", $"/internal/calls/{Guid.CreateVersion7()}/abort", "/internal/chat/completions" })
        {
            using var response = await stranger.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    private static async Task<RoutedModel?> RoutedAsync(AdaptersHost adapters, TestModel model) =>
        (await adapters.Client.GetFromJsonAsync<RoutedModelsResponse>("/internal/models"))!.Models.FirstOrDefault(routed => routed.Name == model.Name);

    private static string Id(string body) => Text(body, "id");

    private static string Text(string body, string member) => JsonDocument.Parse(body).RootElement.GetProperty(member).GetString()!;

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, $"/admin/channels{path}") { Headers = { { CallHeaders.Actor, "tester" } } };
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Adapters.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
