using System.Net;
using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ServiceDefaults.Tests;

public sealed class InternalClientTests
{
    [Fact]
    public async Task A_call_that_fails_once_is_made_once_more()
    {
        await using var sibling = await Sibling.StartAsync(call => Task.FromResult(call == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));

        Assert.Equal(7, (await sibling.Accounts.GetChangesAsync()).Counter);
        Assert.Equal(2, sibling.Calls);
    }

    [Fact]
    public async Task A_sibling_that_hangs_is_given_up_within_a_second_and_named()
    {
        await using var sibling = await Sibling.StartAsync(async _ =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            return HttpStatusCode.OK;
        });

        var failure = await Assert.ThrowsAsync<Refit.ApiRequestException>(() => sibling.Accounts.GetChangesAsync());
        Assert.Contains("accounts", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, sibling.Calls);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_not_tried_again()
    {
        await using var sibling = await Sibling.StartAsync(_ => Task.FromResult(HttpStatusCode.BadRequest));

        await Assert.ThrowsAsync<Refit.ApiException>(() => sibling.Accounts.GetChangesAsync());
        Assert.Equal(1, sibling.Calls);
    }

    [Fact]
    public async Task A_sibling_that_keeps_failing_is_left_alone()
    {
        await using var sibling = await Sibling.StartAsync(_ => Task.FromResult(HttpStatusCode.InternalServerError));
        for (var i = 0; i < 30; i++) await Assert.ThrowsAnyAsync<Exception>(() => sibling.Accounts.GetChangesAsync());

        Assert.InRange(sibling.Calls, 20, 40);
    }

    /// <summary>An Accounts that answers as told, and a service that calls it.</summary>
    private sealed class Sibling(WebApplication server, WebApplication caller, int[] calls) : IAsyncDisposable
    {
        public int Calls => Volatile.Read(ref calls[0]);

        public IAccountsApi Accounts => caller.Services.GetRequiredService<IAccountsApi>();

        public static async Task<Sibling> StartAsync(Func<int, Task<HttpStatusCode>> answer)
        {
            var calls = new int[1];
            var listening = WebApplication.CreateSlimBuilder();
            listening.WebHost.UseUrls("http://127.0.0.1:0");
            var server = listening.Build();
            server.MapGet("/internal/changes", async () => Results.Json(new ChangesResponse { Counter = 7 }, statusCode: (int)await answer(Interlocked.Increment(ref calls[0]))));
            await server.StartAsync();

            var calling = WebApplication.CreateSlimBuilder();
            calling.Configuration["services:accounts:http:0"] = server.Urls.First();
            calling.Services.AddSingleton(TimeProvider.System);
            calling.Services.AddSingleton(new InternalKey(Convert.ToBase64String(new byte[32]), "test"));
            calling.Services.AddTransient<InternalAuthenticationHandler>();
            calling.AddInternalClient<IAccountsApi>("accounts");
            return new(server, calling.Build(), calls);
        }

        public async ValueTask DisposeAsync()
        {
            await caller.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
