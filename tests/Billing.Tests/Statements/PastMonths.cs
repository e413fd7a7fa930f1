using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Billing.Adjustments;
using Aigc2d.Billing.Audit;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Settlements;
using Aigc2d.Billing.Statements;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Statements;

/// <summary>Billing with a past: what was posted in earlier months, and months that close when a test says so.</summary>
public sealed class PastMonths : IAsyncDisposable
{
    private readonly Dictionary<DateTimeOffset, Moment> _moments = [];

    private PastMonths(ServiceUnderTest service) => Service = service;

    public ServiceUnderTest Service { get; }

    public NpgsqlDataSource Owner => Service.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance);

    internal CloseMonths Closing => ActivatorUtilities.CreateInstance<CloseMonths>(Service.Services);

    /// <summary>The closing as it would have worked at a moment.</summary>
    internal CloseMonths ClosingAt(DateTimeOffset at) => ActivatorUtilities.CreateInstance<CloseMonths>(Service.Services, At(at).Db);

    /// <summary>The first second of the month that lies so many months back.</summary>
    public static DateTimeOffset StartOf(int monthsAgo)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-monthsAgo);
    }

    public static string NameOf(int monthsAgo) => Month.Of(StartOf(monthsAgo)).ToString();

    public static async Task<PastMonths> StartAsync(BillingFixture billing)
    {
        var past = new PastMonths(await billing.StartOnNewDatabaseAsync(
            builder => builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(CloseMonths)))));
        using var prices = Admin(HttpMethod.Put, "/admin/prices", new[]
        {
            new { model = Model, effectiveFrom = "2020-01-01T00:00:00Z", inputMicropointsPer1k = 6 * Point, outputMicropointsPer1k = 8 * Point, contextTokens = 4096, maxOutputTokens = 4096 },
        });
        using var put = await past.Service.Client.SendAsync(prices);
        put.EnsureSuccessStatusCode();
        return past;
    }

    public async Task<Guid> CustomerAsync(long micropoints, DateTimeOffset at)
    {
        var account = Guid.CreateVersion7();
        await AdjustAsync(account, micropoints, at);
        return account;
    }

    public Task AdjustAsync(Guid account, long micropoints, DateTimeOffset at) =>
        At(at).Adjustments.RequestAsync(new(account, micropoints, "test", "alice", null, LimitMicropoints: long.MaxValue), CancellationToken.None);

    /// <summary>A call of 11 tokens in and 9 out, 138,000 micropoints when it is charged.</summary>
    public async Task<PlaceHold> CallAsync(Guid account, DateTimeOffset at, EndCause cause = EndCause.Completed)
    {
        var hold = Hold(account, requestId: Guid.CreateVersion7(at));
        var moment = At(at);
        Assert.Equal(HoldOutcome.Placed, (await moment.Placement.SubmitAsync(hold, CancellationToken.None)).Outcome);
        Assert.NotNull(await moment.Settlement.SubmitAsync(Usage(hold, 11, 9, cause)));
        return hold;
    }

    public async Task<JsonElement> GetAsync(string path, Guid account, string? accept = null)
    {
        using var response = await SendAsync(path, account, accept);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<HttpResponseMessage> SendAsync(string path, Guid? account = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (account is { } id) request.Headers.Add(CallHeaders.AccountId, id.ToString());
        if (accept is not null) request.Headers.Add("Accept", accept);
        return await Service.Client.SendAsync(request);
    }

    public async Task<long> BalanceOfAsync(Guid account) =>
        (await Service.Client.GetFromJsonAsync<PointsResponse>(new Uri($"/internal/accounts/{account}/points", UriKind.Relative)))!.BalanceMicropoints;

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Owner.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await using var report = new StringWriter();
        Assert.True(await RunAudit.RunAsync(Owner, report), report.ToString());
        foreach (var moment in _moments.Values) await moment.Db.DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>The parts of Billing as they would have worked at a moment.</summary>
    private Moment At(DateTimeOffset at)
    {
        if (_moments.TryGetValue(at, out var known)) return known;

        var offset = (at - TimeProvider.System.GetUtcNow()).TotalSeconds.ToString("F3", System.Globalization.CultureInfo.InvariantCulture);
        var connection = new NpgsqlConnectionStringBuilder(Service.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString) { Password = "test-password", MaxPoolSize = 2 };
        connection.Options += $" -c aigc2d.clock_offset=PT{offset}S";
        var db = NpgsqlDataSource.Create(connection.ConnectionString);
        T Make<T>() => ActivatorUtilities.CreateInstance<T>(Service.Services, db);
        return _moments[at] = new(db, Make<AdjustmentLedger>(), Make<HoldPlacement>(), Make<Settlement>());
    }

    private sealed record Moment(NpgsqlDataSource Db, AdjustmentLedger Adjustments, HoldPlacement Placement, Settlement Settlement);
}
