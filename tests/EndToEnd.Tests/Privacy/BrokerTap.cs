using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>Hears every message that an exchange passes on while it is open, reads those that nobody takes, and looks for words in them.</summary>
internal sealed class BrokerTap : IAsyncDisposable
{
    private const int ManagementPort = 3;
    private readonly IConnection _connection;
    private readonly HttpClient _management;
    private readonly Marker[] _watched;
    private readonly ConcurrentDictionary<(Marker Marker, string Place), bool> _found = new();

    private BrokerTap(IConnection connection, HttpClient management, Marker[] watched)
    {
        _connection = connection;
        _management = management;
        _watched = watched;
    }

    public static async Task<BrokerTap> OpenAsync(Suite suite, params Marker[] watched)
    {
        var broker = new Uri(suite["AIGC2D_RABBITMQ_URL"]);
        var factory = new ConnectionFactory { Uri = broker };
        var management = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new UriBuilder("http", broker.Host, broker.Port + ManagementPort, "/api/").Uri };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo))));
        var tap = new BrokerTap(await factory.CreateConnectionAsync(), management, watched);
        await tap.ListenAsync();
        return tap;
    }

    /// <summary>Where a watched word was: the exchange that passed it on, or the queue it waits in.</summary>
    public async Task<string[]> PlacesOfAsync(Marker marker)
    {
        foreach (var queue in (await ListAsync("queues")).Where(queue => Number(queue, "consumers") == 0 && Number(queue, "messages") > 0)) await ReadAsync(queue.GetProperty("name").GetString()!);
        return [.. _found.Keys.Where(found => found.Marker == marker).Select(found => found.Place)];
    }

    public async ValueTask DisposeAsync()
    {
        _management.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        var channel = await _connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true)).QueueName;
        foreach (var exchange in (await ListAsync("exchanges")).Where(IsOurs))
        {
            Assert.Contains(exchange.GetProperty("type").GetString(), new[] { "fanout", "topic" });
            await channel.QueueBindAsync(queue, exchange.GetProperty("name").GetString()!, "#");
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            Note($"exchange {message.Exchange}", message.Body.Span, message.BasicProperties);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
    }

    /// <summary>Reads a queue to its end and gives everything back.</summary>
    private async Task ReadAsync(string queue)
    {
        await using var channel = await _connection.CreateChannelAsync();
        while (await channel.BasicGetAsync(queue, autoAck: false) is { } message) Note($"queue {queue}", message.Body.Span, message.BasicProperties);
    }

    private void Note(string place, ReadOnlySpan<byte> body, IReadOnlyBasicProperties properties)
    {
        var text = new StringBuilder(Encoding.Latin1.GetString(body));
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>()) text.Append('\n').Append(name).Append(' ').Append(value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value);
        text.Append('\n').Append(properties.MessageId).Append(' ').Append(properties.CorrelationId).Append(' ').Append(properties.Type);
        var told = text.ToString();
        foreach (var marker in _watched)
        {
            if (marker.IsIn(told)) _found.TryAdd((marker, place), true);
        }
    }

    private async Task<JsonElement[]> ListAsync(string what) => [.. (await _management.GetFromJsonAsync<JsonElement>(what)).EnumerateArray()];

    private static bool IsOurs(JsonElement exchange) => exchange.GetProperty("name").GetString() is { Length: > 0 } name && !name.StartsWith("amq.", StringComparison.Ordinal);

    private static int Number(JsonElement queue, string member) => queue.TryGetProperty(member, out var number) ? number.GetInt32() : 0;
}
