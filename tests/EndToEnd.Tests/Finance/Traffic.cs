using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Finance;

/// <summary>Customers who chat without pause and an operator who gives and takes points, until told to stop. Failed calls are part of it.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const long Opening = 100_000_000_000;
    private const int Callers = 12;

    private readonly Suite _suite;
    private readonly string _model;
    private readonly (string Id, string Key)[] _customers;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, string> _answered = new();
    private readonly ConcurrentDictionary<string, long> _granted = new();
    private readonly ConcurrentBag<string> _surprises = [];
    private readonly List<Task> _callers = [];
    private volatile bool _isAbandoned;
    private int _failed;

    private Traffic(Suite suite, string model, (string, string)[] customers)
    {
        _suite = suite;
        _model = model;
        _customers = customers;
    }

    public int Answered => _answered.Count;

    public int Failed => _failed;

    public IEnumerable<string> AnsweredIds => _answered.Keys;

    public static async Task<Traffic> StartAsync(Suite suite, int accounts, int seed)
    {
        var customers = new (string, string)[accounts];
        for (var i = 0; i < accounts; i++) customers[i] = await suite.CustomerAsync(Opening);

        var traffic = new Traffic(suite, await suite.ModelAsync("delay=5ms,chunks=4,input=11,output=9"), customers);
        for (var i = 0; i < Callers; i++) traffic._callers.Add(traffic.ChatAsync(new Random(seed + i)));
        traffic._callers.Add(traffic.GrantAsync(new Random(seed - 1)));
        return traffic;
    }

    /// <summary>Waits for so many more answered calls.</summary>
    public async Task GoOnAsync(int calls)
    {
        var goal = Answered + calls;
        await Eventually.True(() => Answered >= goal, TimeSpan.FromSeconds(90));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        Assert.Empty(_surprises);
    }

    /// <summary>What was answered is charged once, nothing that was refused is, and each account has what it got less what it used.</summary>
    public async Task AssertChargedOnceAsync()
    {
        foreach (var (account, _) in _customers)
        {
            var answered = _answered.Where(call => call.Value == account).Select(call => call.Key).ToHashSet();
            await AllChargedAsync(account, answered);

            var charges = await ChargesAsync(account);
            Assert.Equal(charges.Length, charges.DistinctBy(charge => charge.RequestId).Count());
            Assert.All(charges, charge => Assert.Equal(-Charges.PriceOf(11, 9), charge.Amount));
            Assert.Equal(Opening + _granted.GetValueOrDefault(account) + charges.Sum(charge => charge.Amount), (await _suite.PointsOfAsync(account)).Balance);
        }
    }

    /// <summary>How long the last charges take is not the question here, only that they come.</summary>
    private async Task AllChargedAsync(string account, HashSet<string> answered)
    {
        string[] missing = [];
        try
        {
            await Eventually.True(async () => (missing = [.. answered.Except((await ChargesAsync(account)).Select(charge => charge.RequestId))]).Length == 0, TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException)
        {
            Assert.Fail(await ChargeTrail.OfAsync(_suite, missing));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isAbandoned = true;
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        _stop.Dispose();
    }

    private async Task<(string RequestId, long Amount)[]> ChargesAsync(string account) =>
        [.. (await _suite.ChargesOfAsync(account)).Select(charge => charge.GetProperty("data")).Select(data => (data.GetProperty("requestId").GetString()!, data.GetProperty("amountMicropoints").GetInt64()))];

    private async Task ChatAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            var (account, key) = _customers[random.Next(_customers.Length)];
            if (await AnsweredAsync(key, stream: random.Next(2) == 0) is { } requestId)
            {
                _answered.TryAdd(requestId, account);
                continue;
            }

            Interlocked.Increment(ref _failed);
            await Task.Delay(20);
        }
    }

    /// <summary>The request's id when its answer came whole: what the customer has to pay for.</summary>
    private async Task<string?> AnsweredAsync(string key, bool stream)
    {
        try
        {
            using var response = await _suite.ChatAsync(key, _model, stream: stream);
            var body = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
            {
                if (response.StatusCode != HttpStatusCode.ServiceUnavailable) _surprises.Add($"{(int)response.StatusCode} {body}");
                return null;
            }

            return !stream || body.Contains("data: [DONE]", StringComparison.Ordinal) ? response.Headers.GetValues("x-request-id").Single() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Each wish has a key of its own and is repeated until it is answered, so it counts once.</summary>
    private async Task GrantAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            var (account, _) = _customers[random.Next(_customers.Length)];
            var micropoints = random.Next(2) == 0 ? random.Next(1, 50_000_000) : -random.Next(1, 50_000_000);
            var wish = $"{Guid.CreateVersion7()}";
            while (!await GrantedAsync(account, micropoints, wish))
            {
                if (_isAbandoned) return;
                await Task.Delay(100);
            }

            _granted.AddOrUpdate(account, micropoints, (_, sum) => sum + micropoints);
            await Task.Delay(10);
        }
    }

    private async Task<bool> GrantedAsync(string account, long micropoints, string wish)
    {
        using var response = await _suite.SendAdminAsync(HttpMethod.Post, $"/admin/accounts/{account}/points", JsonContent.Create(new { micropoints, reason = "traffic" }), wish);
        if (!response.IsSuccessStatusCode) return false;

        Assert.Equal("posted", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
        return true;
    }
}
