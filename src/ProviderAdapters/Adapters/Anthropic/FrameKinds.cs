using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>The names of the wire's objects: of an event both the event's and its data's.</summary>
internal static class FrameKinds
{
    /// <summary>The kind whose name the reader stands at.</summary>
    public static FrameKind Of(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("content_block_delta"u8)) return FrameKind.BlockDelta;
        if (reader.ValueTextEquals("content_block_start"u8)) return FrameKind.BlockStart;
        if (reader.ValueTextEquals("content_block_stop"u8)) return FrameKind.BlockStop;
        if (reader.ValueTextEquals("message_start"u8)) return FrameKind.MessageStart;
        if (reader.ValueTextEquals("message_delta"u8)) return FrameKind.MessageDelta;
        if (reader.ValueTextEquals("message_stop"u8)) return FrameKind.MessageStop;
        if (reader.ValueTextEquals("message"u8)) return FrameKind.Message;
        return reader.ValueTextEquals("ping"u8) ? FrameKind.Ping : FrameKind.Other;
    }

    /// <summary>The name of an event; empty for what is none that we know.</summary>
    public static ReadOnlySpan<byte> NameOf(FrameKind kind) => kind switch
    {
        FrameKind.BlockDelta => "content_block_delta"u8,
        FrameKind.BlockStart => "content_block_start"u8,
        FrameKind.BlockStop => "content_block_stop"u8,
        FrameKind.MessageStart => "message_start"u8,
        FrameKind.MessageDelta => "message_delta"u8,
        FrameKind.MessageStop => "message_stop"u8,
        FrameKind.Ping => "ping"u8,
        _ => [],
    };
}
