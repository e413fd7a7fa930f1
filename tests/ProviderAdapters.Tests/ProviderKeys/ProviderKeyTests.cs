using System.Net;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.ProviderKeys;

/// <summary>Storing, changing and testing own keys.</summary>
public sealed class ProviderKeyTests(AdaptersFixture fixture)
{
    private KeyOwner Owner { get; } = new(fixture.Adapters, fixture.Sandbox.BaseAddress);

    [Fact]
    public async Task A_stored_key_is_answered_as_documented_and_its_credential_is_shown_nowhere()
    {
        var model = Priced();
        var (status, created) = await Owner.SendAsync(HttpMethod.Post, "", $$"""
            {"provider":"openai","name":"mine","credential":"{{KeyOwner.Secret}}","baseUrl":"{{fixture.Sandbox.BaseAddress}}v1/","models":["{{model}}"]}
            """);
        var (_, listed) = await Owner.SendAsync(HttpMethod.Get);

        var key = JsonDocument.Parse(created).RootElement;
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(
            $$"""{"id":"{{key.GetProperty("id").GetString()}}","provider":"openai","name":"mine","baseUrl":"{{fixture.Sandbox.BaseAddress}}v1","models":["{{model}}"],"state":"active","credentialLast4":"4321","createdAt":"{{key.GetProperty("createdAt").GetString()}}"}""",
            created);
        Assert.Equal($$"""{"items":[{{created}}],"next":null}""", listed);
        var row = (string)(await fixture.Adapters.ExecuteAsync($"select k::text || encode(credential, 'escape') from provider_keys k where id = '{key.GetProperty("id").GetString()}'"))!;
        foreach (var text in new[] { created, row, fixture.Adapters.Service.Logs.ToString() }) Assert.DoesNotContain(KeyOwner.Secret, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"provider\":\"openai\"", "\"provider\":\"midjourney\"", "provider")]
    [InlineData("\"name\":\"n\"", "\"name\":\"\"", "name")]
    [InlineData("\"name\":\"n\"", "\"name\":\"a\\nb\"", "name")]
    [InlineData("\"credential\":\"sk-1\"", "\"credential\":\"sk\\r\\nx: y\"", "credential")]
    [InlineData("\"credential\":\"sk-1\"", "\"credential\":null", "credential")]
    [InlineData("\"models\":null", "\"models\":[]", "models")]
    [InlineData("\"models\":null", "\"models\":[null]", "models[0]")]
    [InlineData("\"models\":null", "\"models\":[\"nobody-priced-this\"]", "models[0]")]
    [InlineData("\"models\":null", "\"models\":[{\"name\":\"m\",\"upstream\":\"dearer\"}]", "models[0]")]
    [InlineData("\"models\":null", "\"modles\":null", "modles")]
    [InlineData("\"baseUrl\":null", "\"baseUrl\":\"https://provider.example/v1\"", "baseUrl")]
    [InlineData("\"baseUrl\":null", "\"baseUrl\":\"http://169.254.169.254/latest\"", "baseUrl")]
    [InlineData("\"baseUrl\":null", "\"baseUrl\":\"http://api.openai.com/v1\"", "baseUrl")]
    [InlineData("\"baseUrl\":null", "\"accountId\":\"01930000-0000-7000-8000-000000000001\"", "accountId")]
    public async Task A_field_at_fault_is_named_and_nothing_is_stored(string right, string wrong, string field)
    {
        const string Valid = """{"provider":"openai","name":"n","credential":"sk-1","models":null,"baseUrl":null}""";

        var (status, problem) = await Owner.SendAsync(HttpMethod.Post, "", Valid.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.BadRequest, $$"""{"items":[],"next":null}"""), (status, (await Owner.SendAsync(HttpMethod.Get)).Body));
        Assert.Equal([field], JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.DoesNotContain("sk-1", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"models":["\ud800"]}""")]
    [InlineData("""{"models":["\u0000"]}""")]
    [InlineData("""{"models":[7]}""")]
    [InlineData("""{"models":"m"}""")]
    public async Task Models_that_are_no_names_are_refused_in_a_patch_too(string patch)
    {
        var (status, problem) = await Owner.SendAsync(HttpMethod.Patch, $"/{Guid.CreateVersion7()}", patch);
        Assert.Equal((HttpStatusCode.BadRequest, true), (status, problem.Contains("models", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_a_deleted_key_is_gone()
    {
        var id = await Owner.StoreAsync(models: [Priced()]);

        var patched = await Owner.SendAsync(HttpMethod.Patch, $"/{id}", """{"name":"renamed","state":"disabled","credential":"sk-another-9999"}""");
        var key = JsonDocument.Parse(patched.Body).RootElement;
        Assert.Equal((HttpStatusCode.OK, "renamed", "disabled", "9999", 1), (patched.Status, Text(key, "name"), Text(key, "state"), Text(key, "credentialLast4"), key.GetProperty("models").GetArrayLength()));

        var all = JsonDocument.Parse((await Owner.SendAsync(HttpMethod.Patch, $"/{id}", """{"models":null}""")).Body).RootElement;
        Assert.Equal((JsonValueKind.Null, "renamed"), (all.GetProperty("models").ValueKind, Text(all, "name")));
        foreach (var wrong in new[] { """{"models":"m"}""", """{"models":[7]}""", """{"state":"paused"}""", """{"baseUrl":"https://api.openai.com/v1"}""" })
            Assert.Equal(HttpStatusCode.BadRequest, (await Owner.SendAsync(HttpMethod.Patch, $"/{id}", wrong)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await Owner.SendAsync(HttpMethod.Delete, $"/{id}")).Status);
        Assert.Equal("""{"items":[],"next":null}""", (await Owner.SendAsync(HttpMethod.Get)).Body);
    }

    [Fact]
    public async Task Another_accounts_key_does_not_exist()
    {
        var other = new KeyOwner(fixture.Adapters, fixture.Sandbox.BaseAddress);
        var id = await Owner.StoreAsync();
        var before = (await Owner.SendAsync(HttpMethod.Get)).Body;

        foreach (var theirs in new[] { id, Guid.CreateVersion7() })
        {
            var answers = new[]
            {
                await other.SendAsync(HttpMethod.Patch, $"/{theirs}", """{"state":"disabled","credential":"sk-mine-now"}"""), await other.SendAsync(HttpMethod.Delete, $"/{theirs}"),
                await other.SendAsync(HttpMethod.Post, $"/{theirs}/test", """{"model":"gpt-4o-mini"}"""),
            };
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        }

        Assert.Equal("""{"items":[],"next":null}""", (await other.SendAsync(HttpMethod.Get)).Body);
        Assert.Equal(before, (await Owner.SendAsync(HttpMethod.Get)).Body);
    }

    [Fact]
    public async Task No_more_keys_are_stored_than_allowed_however_many_come_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(i =>
            Owner.SendAsync(HttpMethod.Post, "", $$"""{"provider":"openai","name":"key {{i}}","credential":"sk-own-{{i}}-12345678"}""")));

        var refused = answers.Where(answer => answer.Status == HttpStatusCode.Conflict).ToList();
        Assert.Equal((20, 5), (answers.Count(answer => answer.Status == HttpStatusCode.Created), refused.Count));
        Assert.Contains("The account has 20 provider keys already.", refused[0].Body, StringComparison.Ordinal);
        var page = JsonDocument.Parse((await Owner.SendAsync(HttpMethod.Get, "?limit=12")).Body).RootElement;
        var rest = JsonDocument.Parse((await Owner.SendAsync(HttpMethod.Get, $"?limit=12&after={Text(page, "next")}")).Body).RootElement;
        Assert.Equal((12, 8, JsonValueKind.Null), (page.GetProperty("items").GetArrayLength(), rest.GetProperty("items").GetArrayLength(), rest.GetProperty("next").ValueKind));
    }

    [Theory]
    [InlineData("", true, 200, null)]
    [InlineData("@status=401", false, 401, "invalid_api_key: Incorrect API key provided: ***. You can find your API key at ***")]
    public async Task A_test_tells_whether_a_key_works(string script, bool ok, int status, string? error)
    {
        var model = Priced(script);
        var id = await Owner.StoreAsync(models: [model]);

        var (answered, body) = await Owner.SendAsync(HttpMethod.Post, $"/{id}/test", JsonSerializer.Serialize(new { model }));
        var (unknown, problem) = await Owner.SendAsync(HttpMethod.Post, $"/{id}/test", """{"model":"another"}""");

        var result = JsonDocument.Parse(body).RootElement;
        Assert.Equal((HttpStatusCode.OK, ok, status, error), (answered, result.GetProperty("ok").GetBoolean(), result.GetProperty("status").GetInt32(), result.GetProperty("error").GetString()));
        Assert.Equal((HttpStatusCode.BadRequest, true), (unknown, problem.Contains("must be one of the key's models.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_test_runs_at_a_time()
    {
        var gate = $"gate-{Guid.CreateVersion7():N}";
        var model = Priced($"@gate={gate}");
        var id = await Owner.StoreAsync(models: [model]);
        var json = JsonSerializer.Serialize(new { model });

        var first = Owner.SendAsync(HttpMethod.Post, $"/{id}/test", json);
        await Eventually.Equal(1, () => fixture.Adapters.OpenAtSandboxAsync(new TestModel(model, model, model)));
        var second = await Owner.SendAsync(HttpMethod.Post, $"/{id}/test", json);

        await fixture.OpenGateAsync(gate);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (second.Status, (await first).Status));
    }

    [Fact]
    public async Task Neither_the_platforms_channels_nor_its_models_know_of_own_keys()
    {
        var model = Priced();
        var id = await Owner.StoreAsync(models: [model]);

        Assert.DoesNotContain(id.ToString(), await fixture.Adapters.Client.GetStringAsync(new Uri("/admin/channels?limit=1000", UriKind.Relative)), StringComparison.Ordinal);
        Assert.DoesNotContain(model, await fixture.Adapters.Client.GetStringAsync(new Uri("/internal/models", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(0L, await fixture.Adapters.ExecuteAsync($"select count(*) from listed_models where name = '{model}'"));
        using var patch = new StringContent("""{"state":"disabled"}""", System.Text.Encoding.UTF8, "application/json");
        using var asOperator = await fixture.Adapters.Client.PatchAsync(new Uri($"/admin/channels/{id}", UriKind.Relative), patch);
        Assert.Equal(HttpStatusCode.NotFound, asOperator.StatusCode);
    }

    private string Priced(string script = "")
    {
        var model = $"own-{Guid.CreateVersion7():N}{script}";
        fixture.Peers.Priced[model] = true;
        return model;
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
