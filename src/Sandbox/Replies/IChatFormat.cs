using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Replies;

/// <summary>How one format reads a chat request and writes an answer, piece by piece; what is answered and which faults it meets is decided elsewhere.</summary>
public interface IChatFormat
{
    IDialect Dialect { get; }

    /// <exception cref="RequestRefusedException">The provider would refuse the request.</exception>
    ChatRequest Read(ScriptedCall asked);

    byte[] Plain(Reply reply);

    /// <summary>An error where an answer is expected, with status 200.</summary>
    byte[] PlainError(Reply reply);

    /// <summary>What comes before the first piece.</summary>
    void Open(FrameWriter frames, Reply reply);

    void Write(FrameWriter frames, Reply reply, Piece piece);

    /// <summary>What comes after the last piece, with or without the mark that ends a stream.</summary>
    void Close(FrameWriter frames, Reply reply);

    /// <summary>An error in the middle of a stream.</summary>
    void WriteError(FrameWriter frames, Reply reply);

    /// <summary>A frame that is not JSON.</summary>
    void WriteGarbage(FrameWriter frames);
}
