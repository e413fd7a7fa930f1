using System.Buffers;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>One JSON writer for each thread: frames are written without a pause, so that none needs a writer of its own.</summary>
internal static class ThreadJson
{
    private static readonly ArrayBufferWriter<byte> Nowhere = new(1);

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>The thread's writer at the end of an output, until it is returned.</summary>
    public static Utf8JsonWriter Borrow(IBufferWriter<byte> output)
    {
        var json = _json ??= new Utf8JsonWriter(Nowhere, ChatFrames.Unescaped);
        json.Reset(output);
        return json;
    }

    /// <summary>Lets go of the output, which the writer would keep alive.</summary>
    public static void Return(Utf8JsonWriter json) => json.Reset(Nowhere);
}
