using Aigc2d.Contracts.Providers;
using Aigc2d.Gateway.Calls;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>
/// One call of ProviderAdapters. It outlives its client by as long as it takes to say that the client has gone: a connection that is simply
/// dropped would count as a fault of ours.
/// </summary>
internal sealed class ProviderCall(HttpClient adapters, IProvidersApi providers, Guid requestId) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private HttpResponseMessage? _answer;

    /// <summary>How much of the answer's body has been written to the client, bytes.</summary>
    public long SentBytes { get; set; }

    /// <summary>Sends the client's own bytes and waits for the head of the answer. Null when ProviderAdapters could not be reached or died before it.</summary>
    /// <exception cref="OperationCanceledException">The client has gone away; ProviderAdapters knows.</exception>
    public async Task<HttpResponseMessage?> AskAsync(ReceivedCall received, HttpRequest incoming, TimeSpan? patience, CancellationToken clientGone)
    {
        var sending = adapters.SendAsync(ProviderRequest.For(requestId, received, incoming, patience), HttpCompletionOption.ResponseHeadersRead, _end.Token);
        try
        {
            return _answer = await sending.WaitAsync(clientGone);
        }
        catch (OperationCanceledException) when (clientGone.IsCancellationRequested)
        {
            await AbortAsync();
            await DiscardAsync(sending);
            throw;
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            return null;
        }
    }

    /// <summary>The answer's bytes as they arrive.</summary>
    public Task<Stream> OpenAsync() => _answer!.Content.ReadAsStreamAsync(_end.Token);

    /// <summary>Waits for more bytes of the answer; the wait ends with this call, not with the client.</summary>
    public Task<int> ReadAsync(Stream answer, Memory<byte> buffer) => answer.ReadAsync(buffer, _end.Token).AsTask();

    /// <summary>Tells ProviderAdapters that the client has gone, then lets go of the connection. When it cannot be told, the call is free.</summary>
    public async Task AbortAsync()
    {
        try
        {
            await providers.AbortCallAsync(requestId, new AbortCallRequest { SentBytes = SentBytes }, CancellationToken.None);
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            // Nobody is there to bill the customer for it.
        }

        await _end.CancelAsync();
    }

    public void Dispose()
    {
        _end.Cancel();
        _answer?.Dispose();
        _end.Dispose();
    }

    private static async Task DiscardAsync(Task<HttpResponseMessage> sending)
    {
        try
        {
            (await sending).Dispose();
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            // It was cancelled, as it should be.
        }
    }
}
