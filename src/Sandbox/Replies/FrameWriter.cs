using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Replies;

/// <summary>Writes server-sent events straight into the response.</summary>
public sealed class FrameWriter(PipeWriter output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, SandboxJson.Unescaped);

    /// <summary>Writes a frame that holds a JSON object.</summary>
    public void Write(Action<Utf8JsonWriter> writeMembers, string? name = null)
    {
        Begin(name);
        _json.WriteStartObject();
        writeMembers(_json);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        output.Write("\n\n"u8);
    }

    /// <summary>Writes a frame of any content.</summary>
    public void WriteRaw(ReadOnlySpan<byte> data, string? name = null)
    {
        Begin(name);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    public async Task FlushAsync(CancellationToken ct) => await output.FlushAsync(ct);

    public void Dispose() => _json.Dispose();

    private void Begin(string? name)
    {
        if (name is not null)
        {
            output.Write("event: "u8);
            output.Write(Encoding.UTF8.GetBytes(name));
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
    }
}
