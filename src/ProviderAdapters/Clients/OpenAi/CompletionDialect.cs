using System.Buffers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>OpenAI's old completions.</summary>
internal sealed class CompletionDialect(CompletionModels completing) : IClientDialect
{
    public ClientCall? Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers, out string? faultyMember) =>
        ChatRequestShape.Read(body.Span, out faultyMember) is { } shape ? new OpenAiCompletion(body, shape, completing) : null;

    public byte[] ErrorBody(ClientError error, int status, Guid requestId) => OpenAiErrorFormat.Body(error);

    public void WriteErrorFrame(IBufferWriter<byte> output, ClientError error, int status, Guid requestId) => OpenAiErrorFormat.WriteFrame(output, error);
}
