using System.Buffers;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Reads the client's own bytes, which the gateway has limited.</summary>
internal static class RequestBody
{
    private const int LeastBytes = 1024;
    private const int MostPromisedBytes = 32 * 1024 * 1024;

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, LeastBytes, MostPromisedBytes));
        while (await request.Body.ReadAsync(buffer.GetMemory(), ct) is var count and > 0) buffer.Advance(count);
        return buffer.WrittenMemory;
    }
}
