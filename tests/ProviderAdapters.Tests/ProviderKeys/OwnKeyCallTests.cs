using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ProviderAdapters.Tests.ProviderKeys;

/// <summary>Whose key a call goes over, and what its owner is told when it fails.</summary>
public sealed class OwnKeyCallTests(AdaptersFixture fixture)
{
    private const string PlatformSecret = "sk-upstream-secret-1234";

    private KeyOwner Owner { get; } = new(fixture.Adapters, fixture.Sandbox.BaseAddress);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_accounts_call_goes_over_its_own_key_and_everybody_elses_over_the_platforms_channel(bool stream)
    {
        var model = await ModelAsync();
        var own = model with { ChannelId = await Owner.StoreAsync(), Upstream = model.Name };
        var (mine, theirs) = (Owner.Call(model, stream), TestCall.Of(model, stream));

        var answers = new[] { await fixture.Adapters.AskAsync(mine), await fixture.Adapters.AskAsync(theirs) };

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal([$"Bearer {KeyOwner.Secret}", $"Bearer {PlatformSecret}"], await CredentialsOfAsync(model));
        await fixture.AssertRecordedAsync(mine.Row(own, EndCause.Completed, new TokenCounts(11, 9)) with { OwnKey = true });
        await fixture.AssertRecordedAsync(theirs.Row(model, EndCause.Completed, new TokenCounts(11, 9)));
    }

    [Fact]
    public async Task A_key_serves_the_models_it_names_and_without_a_list_those_of_its_provider()
    {
        var (named, other, unlisted) = (await ModelAsync(), await ModelAsync(), Unlisted());
        fixture.Peers.Priced[named.Name] = fixture.Peers.Priced[unlisted.Name] = true;
        var id = await Owner.StoreAsync(models: [named.Name, unlisted.Name]);

        foreach (var model in new[] { named, other, unlisted }) await fixture.Adapters.AskAsync(Owner.Call(model, stream: false));
        Assert.Equal([$"Bearer {KeyOwner.Secret}"], await CredentialsOfAsync(named));
        Assert.Equal([$"Bearer {PlatformSecret}"], await CredentialsOfAsync(other));
        Assert.Equal([$"Bearer {KeyOwner.Secret}"], await CredentialsOfAsync(unlisted));
        Assert.Equal((404, "model_not_found"), StatusOf(await fixture.Adapters.AskAsync(TestCall.Of(unlisted, stream: false))));

        await Owner.SendAsync(HttpMethod.Patch, $"/{id}", """{"models":null}""");
        foreach (var model in new[] { named, other }) await fixture.Adapters.AskAsync(Owner.Call(model, stream: false));
        Assert.Equal($"Bearer {KeyOwner.Secret}", (await CredentialsOfAsync(other))[^1]);
        Assert.Equal((404, "model_not_found"), StatusOf(await fixture.Adapters.AskAsync(Owner.Call(unlisted, stream: false))));
    }

    [Fact]
    public async Task A_disabled_or_deleted_key_leaves_the_platforms_channel()
    {
        var model = await ModelAsync();
        var id = await Owner.StoreAsync();
        await Owner.SendAsync(HttpMethod.Patch, $"/{id}", """{"state":"disabled"}""");
        await fixture.Adapters.AskAsync(Owner.Call(model, stream: false));
        await Owner.SendAsync(HttpMethod.Patch, $"/{id}", """{"state":"active","credential":"sk-rotated-77777777"}""");
        await fixture.Adapters.AskAsync(Owner.Call(model, stream: false));
        await Owner.SendAsync(HttpMethod.Delete, $"/{id}");
        await fixture.Adapters.AskAsync(Owner.Call(model, stream: false));

        Assert.Equal([$"Bearer {PlatformSecret}", "Bearer sk-rotated-77777777", $"Bearer {PlatformSecret}"], await CredentialsOfAsync(model));
    }

    [Theory]
    [InlineData("status=401", 403, "own_key_refused", "Your own openai key 'mine' was refused by the provider (status 401: invalid_api_key")]
    [InlineData("status=403", 403, "own_key_refused", "Your own openai key 'mine' was refused by the provider (status 403: ")]
    [InlineData("status=429,code=insufficient_quota", 403, "own_key_refused", "Your own openai key 'mine' was refused by the provider (status 429: insufficient_quota")]
    [InlineData("status=404", 404, "own_key_model_not_found", "Your own openai key 'mine' cannot call the model")]
    [InlineData("status=429,retryafter=7", 429, "rate_limit_exceeded", "Your own openai key 'mine' is at its rate limit at the provider.")]
    [InlineData("status=500", 502, "own_key_failed", "The call over your own openai key 'mine' failed at the provider")]
    [InlineData("errorframe=0", 502, "own_key_failed", "The call over your own openai key 'mine' failed at the provider")]
    [InlineData("status=400", 400, null, "")]
    public async Task When_an_own_key_fails_the_error_names_it_and_nobody_else_is_asked(string script, int status, string? code, string message)
    {
        var model = await ScriptedAsync(script);
        await Owner.StoreAsync();
        foreach (var stream in new[] { false, true })
        {
            var call = Owner.Call(model, stream);
            await using var running = await fixture.Adapters.StartAsync(call);
            var answer = await running.ReadAsync();
            if (stream && script == "errorframe=0")
            {
                Assert.Equal((200, "provider_error"), (answer.Status, answer.Error.GetProperty("code").GetString()));
                continue;
            }

            Assert.Equal(status, answer.Status);
            if (code is not null)
            {
                Assert.Equal(("own_key", code), (answer.Failure, answer.Error.GetProperty("code").GetString()));
                Assert.StartsWith(message, answer.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
            }

            if (script.Contains("retryafter", StringComparison.Ordinal)) Assert.InRange(running.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 7);
            Assert.DoesNotContain(KeyOwner.Secret, answer.Text, StringComparison.Ordinal);
            // The second call may find the key at rest: then nobody was asked.
            var row = await fixture.Adapters.UsageOfAsync(call.RequestId);
            Assert.Equal((EndCause.ProviderError, row?.ChannelId is not null), (row?.EndCause, row?.OwnKey));
            if (!stream) Assert.True(row!.OwnKey);
        }

        Assert.All(await CredentialsOfAsync(model), credential => Assert.Equal($"Bearer {KeyOwner.Secret}", credential));
    }

    [Fact]
    public async Task A_refused_key_is_not_asked_again_for_a_while_but_at_once_when_its_credential_changes()
    {
        var model = await ScriptedAsync("status=401");
        var id = await Owner.StoreAsync();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((403, "own_key"), StatusOf(await fixture.Adapters.AskAsync(Owner.Call(model, stream: false))));
            await fixture.Adapters.ModelAsync(); // The platform's channels are read again, which is no news of this key.
        }

        Assert.Single(await CredentialsOfAsync(model));
        await Owner.SendAsync(HttpMethod.Patch, $"/{id}", """{"credential":"sk-corrected-88888888"}""");
        await fixture.Adapters.AskAsync(Owner.Call(model, stream: false));
        Assert.Equal([$"Bearer {KeyOwner.Secret}", "Bearer sk-corrected-88888888"], await CredentialsOfAsync(model));
    }

    [Fact]
    public async Task Of_two_own_keys_the_one_that_works_answers()
    {
        var nobody = $"http://127.0.0.1:{TestSockets.FreePort()}";
        var adapters = await fixture.StartAsync(new() { ["ProviderKeys:AllowedHosts:1"] = nobody });
        var (owner, lost) = (new KeyOwner(adapters, fixture.Sandbox.BaseAddress), $$"""{"provider":"openai","name":"lost","credential":"sk-nowhere-12345678","baseUrl":"{{nobody}}"}""");
        var model = await ModelAsync(adapters);
        await owner.SendAsync(HttpMethod.Post, "", lost);
        Assert.Equal((502, "own_key"), StatusOf(await adapters.AskAsync(owner.Call(model, stream: false))));
        await owner.StoreAsync();

        for (var i = 0; i < 10; i++) Assert.Equal(200, (await adapters.AskAsync(owner.Call(model, stream: true))).Status);

        Assert.Equal(Enumerable.Repeat($"Bearer {KeyOwner.Secret}", 10), await CredentialsOfAsync(model));
    }

    [Fact]
    public async Task A_timeout_names_the_key()
    {
        var adapters = await fixture.StartAsync(new() { ["Calls:FirstByteLimit"] = "00:00:00.300" });
        var owner = new KeyOwner(adapters, fixture.Sandbox.BaseAddress);
        var model = await ScriptedAsync("hang", adapters);
        await owner.StoreAsync();

        var answer = await adapters.AskAsync(owner.Call(model, stream: false));

        Assert.Equal((504, "own_key", "provider_timeout"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        Assert.Contains("'mine'", answer.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_opened_or_whose_address_is_no_longer_allowed_fails_and_is_never_replaced_by_the_platforms()
    {
        var database = fixture.NewDatabase();
        var adapters = await fixture.StartAsync(database: database);
        var model = await adapters.ModelAsync();
        var (moved, broken) = (new KeyOwner(adapters, fixture.Sandbox.BaseAddress), new KeyOwner(adapters, fixture.Sandbox.BaseAddress));
        await moved.StoreAsync();
        var id = await broken.StoreAsync();
        await adapters.ExecuteAsync($"update provider_keys set credential = (select credential from provider_keys where id <> '{id}' limit 1) where id = '{id}'");

        var stricter = await fixture.StartAsync(new() { ["ProviderKeys:AllowedHosts:0"] = "provider.example" }, database);
        foreach (var owner in new[] { moved, broken })
        {
            var answer = await stricter.AskAsync(owner.Call(model, stream: false));
            Assert.Equal((503, "own_key", "own_key_failed"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
            Assert.StartsWith("Your own openai key 'mine' cannot be used", answer.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        var again = await fixture.StartAsync(database: database);
        Assert.Equal(200, (await again.AskAsync(moved.Call(model, stream: false))).Status);
        Assert.Equal(503, (await again.AskAsync(broken.Call(model, stream: false))).Status);
        Assert.Equal([$"Bearer {KeyOwner.Secret}"], await CredentialsOfAsync(model with { Base = model.Name }));
    }

    [Fact]
    public async Task Other_replicas_learn_of_a_key()
    {
        var database = fixture.NewDatabase();
        var one = await fixture.StartAsync(database: database);
        var other = await fixture.StartAsync(database: database);
        var model = await ModelAsync(other);
        var owner = new KeyOwner(one, fixture.Sandbox.BaseAddress);

        await owner.StoreAsync();

        // Well before the poll of 60 seconds: the notification does it.
        await Eventually.True(
            async () =>
            {
                await other.AskAsync(owner.Call(model, stream: false));
                return (await CredentialsOfAsync(model)).Contains($"Bearer {KeyOwner.Secret}");
            },
            TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_own_keys_usage_is_told_in_no_total()
    {
        var adapters = await fixture.StartAsync();
        var owner = new KeyOwner(adapters, fixture.Sandbox.BaseAddress);
        var model = await ModelAsync(adapters);
        await owner.StoreAsync();
        await adapters.AskAsync(owner.Call(model, stream: false));
        await adapters.AskAsync(TestCall.Of(model, stream: false));
        await Eventually.Equal(2L, () => adapters.ExecuteAsync("select count(*) from usage_records"));

        Assert.Equal(1, await ActivatorUtilities.CreateInstance<TotalUsage>(adapters.Service.Services).TotalAsync(CancellationToken.None));
        Assert.Equal($"{model.ChannelId} 1", await adapters.ExecuteAsync("select string_agg(channel_id || ' ' || requests, ', ') from usage_totals"));
    }

    [Fact]
    public async Task A_credential_is_found_in_no_log_whatever_becomes_of_the_call()
    {
        var adapters = await fixture.StartAsync(new() { ["Logging:LogLevel:Default"] = "Trace", ["Calls:FirstByteLimit"] = "00:00:00.300" });
        var owner = new KeyOwner(adapters, fixture.Sandbox.BaseAddress);
        var secret = $"sk-marker-{Guid.CreateVersion7():N}";
        var id = await owner.StoreAsync(secret);
        foreach (var script in new[] { "", "status=401", "status=500", "hang", "garbage=0", "cut=1" })
        {
            var model = await ScriptedAsync(script, adapters);
            foreach (var stream in new[] { false, true }) await adapters.AskAsync(owner.Call(model, stream));
            if (script != "hang") await owner.SendAsync(HttpMethod.Post, $"/{id}/test", $$"""{"model":"{{model.Name}}"}""");
        }

        await owner.SendAsync(HttpMethod.Post, "", $$"""{"provider":"openai","name":"n","credential":["{{secret}}"]}""");
        await owner.SendAsync(HttpMethod.Post, "", $$"""{"provider":"openai","name":"n","credential":"{{secret}}" """);
        await owner.SendAsync(HttpMethod.Patch, $"/{id}", $$"""{"credential":"{{secret}} with spaces"}""");

        Assert.DoesNotContain(secret, adapters.Service.Logs.ToString(), StringComparison.Ordinal);
        foreach (var table in new[] { "usage_records", "outbox_messages", "provider_keys" }) Assert.Equal(0L, await adapters.ExecuteAsync($"select count(*) from {table} t where t::text like '%{secret}%'"));
    }

    /// <summary>A model that a platform's channel lists under its own name, so that both ways ask the Sandbox for the same.</summary>
    private Task<TestModel> ModelAsync(AdaptersHost? adapters = null) => ScriptedAsync("", adapters);

    private async Task<TestModel> ScriptedAsync(string script, AdaptersHost? adapters = null)
    {
        var model = Unlisted(script);
        return model with { ChannelId = await (adapters ?? fixture.Adapters).ChannelAsync(fixture.Sandbox.BaseAddress, model, PlatformSecret) };
    }

    private static TestModel Unlisted(string script = "")
    {
        var name = $"own-{Guid.CreateVersion7():N}";
        var scripted = script.Length == 0 ? name : $"{name}@{script}";
        return new TestModel(scripted, scripted, name);
    }

    private async Task<string[]> CredentialsOfAsync(TestModel model) =>
        [.. (await fixture.Adapters.ReceivedAtSandboxAsync(model)).Select(request => request.GetProperty("headers").GetProperty("authorization").GetString()!)];

    private static (int, string?) StatusOf(Answer answer) => (answer.Status, answer.Failure);
}
